using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.IO;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Fuzz;

/// <summary>
/// A reader of packets. Beside what holds for every target: packets are valid, their places follow each other and their trims fit
/// into them; defects stand within the input; input in pieces tells the same, and so does one that cannot seek; strict reading
/// throws exactly where there is a defect; and what is read goes into Ogg and comes back as the same packets.
/// </summary>
public abstract class ReaderTarget(ITestOutputHelper output) : FuzzTarget(output)
{
    private static readonly OpusReaderOptions Strict = new() { Strict = true };

    /// <summary>How many bytes may be read for each byte of an input that can seek.</summary>
    private protected abstract int ReadFactor { get; }

    private protected abstract IOpusPacketReader Open(Stream stream, OpusReaderOptions? options = null);

    protected override void Read(byte[] input)
    {
        using var reader = Open(new ReadOnlyMemoryStream(input));
        PacketRecord.Pass(reader);
    }

    protected override void Check(byte[] input)
    {
        var counted = new PieceStream(input);
        var record = PacketRecord.Of(() => Open(counted));
        Assert.InRange(counted.BytesRead, 0, 1024 + (long)ReadFactor * input.Length);
        record.CheckRanges(input.Length);

        var piece = 1 + input.Length % 97 * 3;
        record.CheckSame(PacketRecord.Of(() => Open(new PieceStream(input, piece))));
        record.CheckSame(PacketRecord.Of(() => Open(new PieceStream(input, piece, canSeek: false))));
        record.CheckStrict(PacketRecord.Of(() => Open(new PieceStream(input), Strict)));
        if (record.IsReadable && record.Packets.Count > 0 && IsOneFile(input))
            CheckCopy(input, record);
    }

    /// <summary>Whether an input is not several files one behind the other, all of which a copy has.</summary>
    private protected virtual bool IsOneFile(byte[] input) => true;

    // A copy has the same packets but for those that are trimmed to nothing, of which only some are needed, and those before a
    // trim in the middle, which stand in the next link again.
    private static void CheckCopy(byte[] input, PacketRecord record)
    {
        var output = new MemoryStream();
        var report = OpusEditor.Remux(new MemoryStream(input), output, OpusContainer.Ogg, new OpusWriterOptions { Serial = 1 });
        var copy = PacketRecord.Of(() => OggOpusReader.Open(output.ToArray(), Strict));
        Assert.Null(copy.Fault);
        Assert.Equal(report.Samples, copy.Samples);
        Assert.Equal(report.PacketCount, copy.Packets.Count);
        copy.CheckRanges(output.Length);
        var isWhole = record.Infos.All(info => info is { LostBefore: 0, Playable: > 0 });
        var isTrimmedWithin = record.Infos.Zip(record.Links, record.Links.Skip(1)).Any(next => next.First.TrimEnd > 0
            && next.Second == next.Third);
        if (isWhole && !isTrimmedWithin)
        {
            Assert.Equal(record.Packets.Count, copy.Packets.Count);
            for (var i = 0; i < record.Packets.Count; i++)
            {
                if (!record.Packets[i].AsSpan().SequenceEqual(copy.Packets[i]))
                    Assert.Fail($"Packet {i} differs in the copy.");
            }
        }
    }
}
