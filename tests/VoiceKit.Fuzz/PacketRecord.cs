using System.Runtime.InteropServices;
using VoiceKit.Containers;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Fuzz;

/// <summary>All that a reader tells of an input.</summary>
internal sealed class PacketRecord
{
    private readonly List<byte[]> _packets = [];
    private readonly List<OpusPacketInfo> _infos = [];
    private readonly List<int> _links = [];

    public IReadOnlyList<byte[]> Packets => _packets;

    public IReadOnlyList<OpusPacketInfo> Infos => _infos;

    public IReadOnlyList<int> Links => _links;

    /// <summary>What ended the reading, or prevented it; null for the end of the input.</summary>
    public string? Fault { get; private set; }

    public long FaultOffset { get; private set; } = -1;

    public OpusHead? Head { get; private set; }

    public OpusTags? Tags { get; private set; }

    public IReadOnlyList<OpusDefect> Defects { get; private set; } = [];

    public long DefectCount { get; private set; }

    public long Samples => _infos.Sum(info => (long)info.Playable + info.LostBefore);

    public bool IsReadable => Fault is null;

    public static PacketRecord Of(Func<IOpusPacketReader> open)
    {
        var record = new PacketRecord();
        try
        {
            using var reader = open();
            record.Head = reader.Head;
            record.Tags = reader.Tags;
            record.ReadOn(reader);
        }
        catch (VoiceFormatException exception)
        {
            record.Fault = exception.Message;
            record.FaultOffset = exception.Offset;
        }

        return record;
    }

    /// <summary>Reads and keeps nothing.</summary>
    public static long Pass(IOpusPacketReader reader)
    {
        long samples = 0;
        while (reader.Read())
            samples += reader.PacketInfo.Playable + reader.Packet[0];
        return samples;
    }

    /// <summary>What a reader of any container promises of its packets, its time line and its defects.</summary>
    public void CheckRanges(long length)
    {
        Assert.InRange(FaultOffset, -1, length);
        foreach (var defect in Defects)
            Assert.True(defect.Offset >= 0 && defect.Offset <= length, $"A defect stands at {defect.Offset} of {length}.");
        Assert.True(Defects.Count == Math.Min(DefectCount, OpusDefectLog.MaxListed));
        long position = 0;
        for (var i = 0; i < _infos.Count; i++)
        {
            var info = _infos[i];
            Assert.True(IsRight(info, _packets[i], StreamsOf(i), position), $"Packet {i} behind {position}: {info}");
            position = info.Position + info.Playable;
        }
    }

    // Not by assertions of their own for each number: they would take most of a run's time.
    private static bool IsRight(OpusPacketInfo info, byte[] packet, int streams, long position) =>
        OpusPacketLayout.ReadDuration(packet, streams, out var duration) == OpusPacketFault.None
        && info.Duration == duration
        && info.TrimStart >= 0 && info.TrimStart <= duration
        && info.TrimEnd >= 0 && info.TrimEnd <= duration
        && info.Playable >= 0 && info.Playable <= duration
        && info.LostBefore >= 0
        && info.Position == position + info.LostBefore;

    /// <summary>That another way to read the same input tells the same.</summary>
    public void CheckSame(PacketRecord other)
    {
        if (Fault != other.Fault || FaultOffset != other.FaultOffset || DefectCount != other.DefectCount)
            Assert.Equal((Fault, FaultOffset, DefectCount), (other.Fault, other.FaultOffset, other.DefectCount));
        if (!Defects.SequenceEqual(other.Defects))
            Assert.Equal(Defects, other.Defects);
        CheckSameAudio(other);
        if (Tags is not null && !Tags.Comments.SequenceEqual(other.Tags!.Comments))
            Assert.Equal(Tags.Comments, other.Tags!.Comments);
    }

    public void CheckSameAudio(PacketRecord other)
    {
        if (!CollectionsMarshal.AsSpan(_infos).SequenceEqual(CollectionsMarshal.AsSpan(other._infos)))
            Assert.Equal(_infos, other._infos);
        Assert.True(_packets.Count == other._packets.Count);
        for (var i = 0; i < _packets.Count; i++)
        {
            if (!_packets[i].AsSpan().SequenceEqual(other._packets[i]))
                Assert.Fail($"Packet {i} differs.");
        }
    }

    /// <summary>That strict reading throws where there is a defect, and tells the same where there is none.</summary>
    public void CheckStrict(PacketRecord strict)
    {
        if (Fault is null && DefectCount == 0)
            CheckSame(strict);
        else
            Assert.NotNull(strict.Fault);
    }

    private readonly List<int> _streams = [];

    private int StreamsOf(int packet) => _streams[packet];

    private void ReadOn(IOpusPacketReader reader)
    {
        try
        {
            while (reader.Read())
            {
                _packets.Add(reader.Packet.ToArray());
                _infos.Add(reader.PacketInfo);
                _links.Add(reader.Link);
                _streams.Add(reader.Head.StreamCount);
            }
        }
        finally
        {
            Defects = [.. reader.Defects];
            DefectCount = reader.DefectCount;
        }
    }
}
