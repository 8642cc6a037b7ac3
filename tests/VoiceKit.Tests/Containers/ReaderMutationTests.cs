using VoiceKit.Opus;
using static VoiceKit.Tests.Mp4.Mp4Bytes;

namespace VoiceKit.Tests.Containers;

/// <summary>
/// What a reader of any container makes of files that are cut off everywhere, or broken at random, always the same ones.
/// </summary>
public abstract class ReaderMutationTests
{
    private const int Runs = 3000;
    private const int StrictRuns = 1500;
    private const int ChunkedRuns = 300;
    private const int Allowance = 1 << 20;

    /// <summary>Whole files, small ones.</summary>
    private protected abstract byte[][] Wholes { get; }

    /// <summary>How many packets the last piece of a file may hold, which are gone together.</summary>
    private protected virtual int PacketsOfLastPiece => 1;

    /// <summary>How many of a hundred broken files are still read, at least.</summary>
    private protected abstract int LeastReadable { get; }

    /// <summary>How many of a hundred broken files a strict reader refuses, at least.</summary>
    private protected abstract int LeastRefused { get; }

    private protected abstract IOpusPacketReader OpenReader(Stream stream, OpusReaderOptions? options = null);

    /// <summary>How much a reader has read, and how much is missing in between.</summary>
    private protected abstract (long Position, long Gaps) StateOf(IOpusPacketReader reader);

    private protected abstract byte[] Break(byte[] whole, Random random);

    [Fact]
    public void File_cut_off_anywhere_gives_its_first_packets_or_a_format_error()
    {
        foreach (var whole in Wholes)
        {
            var expected = PacketsOf(whole);
            var most = 0;
            for (var length = 0; length < whole.Length; length++)
            {
                try
                {
                    var packets = PacketsOf(whole[..length]);
                    Assert.Equal(expected[..packets.Length], packets);
                    Assert.InRange(packets.Length, most, expected.Length);
                    most = packets.Length;
                }
                catch (VoiceFormatException exception)
                {
                    Assert.Equal(0, most);
                    Assert.InRange(exception.Offset, -1, length);
                }
            }

            Assert.InRange(most, expected.Length - PacketsOfLastPiece, expected.Length);
        }
    }

    [Fact]
    public void Broken_files_give_packets_or_a_format_error_in_bounded_memory()
    {
        var random = new Random(14_496);
        var readable = 0;
        for (var i = 0; i < Runs; i++)
        {
            var data = Break(Wholes[i % Wholes.Length], random);
            var stream = random.Next(2) == 0 ? (Stream)new MemoryStream(data) : new TrickleStream(data, 1000);
            readable += IsRead(stream, data.Length) ? 1 : 0;
        }

        Assert.InRange(readable, Runs * LeastReadable / 100, Runs - 1);
    }

    [Fact]
    public void Strict_reading_of_broken_files_throws_nothing_but_the_format_error()
    {
        var random = new Random(8);
        var refused = 0;
        for (var i = 0; i < StrictRuns; i++)
        {
            try
            {
                var data = Break(Wholes[i % Wholes.Length], random);
                using var reader = OpenReader(new MemoryStream(data), new OpusReaderOptions { Strict = true });
                ReadAll(reader);
            }
            catch (VoiceFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, StrictRuns * LeastRefused / 100, StrictRuns);
    }

    [Fact]
    public void Seeking_or_not_and_chunking_change_nothing()
    {
        var random = new Random(12);
        for (var i = 0; i < ChunkedRuns; i++)
        {
            var data = Break(Wholes[i % Wholes.Length], random);
            Assert.Equal(Describe(new MemoryStream(data)), Describe(new TrickleStream(data, random.Next(1, 700))));
        }
    }

    private bool IsRead(Stream stream, int length)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        long after;
        var isRead = true;
        try
        {
            using var reader = OpenReader(stream);
            long position = 0;
            while (reader.Read())
            {
                Assert.Equal(position, reader.PacketInfo.Position);
                Assert.InRange(reader.PacketInfo.Playable, 0, reader.PacketInfo.Duration);
                Assert.False(reader.Packet.IsEmpty);
                position += reader.PacketInfo.Playable;
            }

            after = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(position, StateOf(reader).Position);
            Assert.All(reader.Defects, defect => Assert.InRange(defect.Offset, -1, length));
        }
        catch (VoiceFormatException exception)
        {
            after = GC.GetAllocatedBytesForCurrentThread();
            isRead = false;
            Assert.InRange(exception.Offset, -1, length);
        }

        Assert.InRange(after - before, 0, Allowance + length);
        return isRead;
    }

    private byte[][] PacketsOf(byte[] file)
    {
        using var reader = OpenReader(new MemoryStream(file));
        return ReadAll(reader).Packets;
    }

    private string Describe(Stream stream)
    {
        try
        {
            using var reader = OpenReader(stream);
            var (packets, infos) = ReadAll(reader);
            var data = string.Join('|', packets.Select(Convert.ToHexString));
            return $"{data} {string.Join('|', infos)} {string.Join('|', reader.Defects)} {StateOf(reader)}";
        }
        catch (VoiceFormatException exception)
        {
            return $"! {exception.Message} {exception.Offset}";
        }
    }
}
