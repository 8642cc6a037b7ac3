using VoiceKit.Containers;
using VoiceKit.Mp4;
using VoiceKit.Opus;
using static VoiceKit.Tests.Mp4.Mp4Bytes;

namespace VoiceKit.Tests.Mp4;

/// <summary>Files cut off everywhere, and broken at random, always the same ones.</summary>
public class Mp4MutationTests
{
    private const int Allowance = 1 << 20;

    private static readonly byte[] Whole = new Mp4Bytes
    {
        PerChunk = 3,
        Edits = Elst((8000, 400)),
        UserData = Box("udta", Full("meta", 0, 0,
            Full("hdlr", 0, 0, new byte[21]),
            Box("ilst", Box("©nam", Box("data", U32(1, 0), [65, 66]))))),
    }.ToArray();

    private static readonly byte[] Fragmented = MakeFragmented();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void File_cut_off_anywhere_gives_its_first_packets_or_a_format_error(bool isFragmented)
    {
        var whole = isFragmented ? Fragmented : Whole;
        var expected = Describe(new MemoryStream(whole)).Packets;
        var most = 0;
        for (var length = 0; length < whole.Length; length++)
        {
            var data = whole[..length];
            try
            {
                var packets = Describe(new MemoryStream(data)).Packets;
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

        Assert.InRange(most, expected.Length - 1, expected.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Broken_files_give_packets_or_a_format_error_in_bounded_memory(bool isFragmented)
    {
        var random = new Random(14_496);
        var whole = isFragmented ? Fragmented : Whole;
        var readable = 0;
        for (var i = 0; i < 1500; i++)
        {
            var data = Break(whole, random);
            var stream = random.Next(2) == 0 ? (Stream)new MemoryStream(data) : new TrickleStream(data, 1000);
            var before = GC.GetAllocatedBytesForCurrentThread();
            long after = 0;
            try
            {
                using var reader = Mp4OpusReader.Open(stream);
                long position = 0;
                while (reader.Read())
                {
                    Assert.Equal(position, reader.PacketInfo.Position);
                    Assert.InRange(reader.PacketInfo.Playable, 0, reader.PacketInfo.Duration);
                    Assert.False(reader.Packet.IsEmpty);
                    position += reader.PacketInfo.Playable;
                }

                after = GC.GetAllocatedBytesForCurrentThread();
                readable++;
                Assert.Equal(position, reader.Position);
            }
            catch (VoiceFormatException exception)
            {
                after = GC.GetAllocatedBytesForCurrentThread();
                Assert.InRange(exception.Offset, -1, data.Length);
            }

            Assert.InRange(after - before, 0, Allowance + data.Length);
        }

        Assert.InRange(readable, 300, 1499);
    }

    [Fact]
    public void Strict_reading_of_broken_files_throws_nothing_but_the_format_error()
    {
        var random = new Random(8);
        var refused = 0;
        for (var i = 0; i < 1500; i++)
        {
            try
            {
                var data = Break(i % 2 == 0 ? Whole : Fragmented, random);
                using var reader = Mp4OpusReader.Open(new MemoryStream(data), new OpusReaderOptions { Strict = true });
                ReadAll(reader);
            }
            catch (VoiceFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 300, 1500);
    }

    [Fact]
    public void Seeking_or_not_changes_nothing()
    {
        var random = new Random(12);
        for (var i = 0; i < 300; i++)
        {
            var data = Break(i % 2 == 0 ? Whole : Fragmented, random);
            Assert.Equal(Text(new MemoryStream(data)), Text(new TrickleStream(data, random.Next(1, 300))));
        }
    }

    private static string Text(Stream stream)
    {
        try
        {
            var (packets, text) = Describe(stream);
            return $"{string.Join('|', packets.Select(Convert.ToHexString))} {text}";
        }
        catch (VoiceFormatException exception)
        {
            return $"{exception.Message} {exception.Offset}";
        }
    }

    private static (byte[][] Packets, string Text) Describe(Stream stream)
    {
        using var reader = Mp4OpusReader.Open(stream);
        var (packets, infos) = ReadAll(reader);
        return (packets, $"{string.Join('|', infos)} {string.Join('|', reader.Defects)} {reader.GapSamples}");
    }

    // Bits flipped, bytes cut out, doubled or overwritten, also with the numbers that tables fear.
    private static byte[] Break(byte[] whole, Random random)
    {
        var data = whole.ToList();
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var at = random.Next(data.Count);
            var count = Math.Min(random.Next(1, 60), data.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    data[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    data.RemoveRange(at, Math.Min(count, data.Count - 1));
                    break;
                case 2:
                    data.InsertRange(at, data.GetRange(at, count));
                    break;
                case 3:
                    data[at] = (byte)random.Next(256);
                    break;
                case 4:
                    for (var i = 0; i < Math.Min(4, data.Count - at); i++)
                        data[at + i] = (byte)(i == 0 ? random.Next(2) * 0x7F : 0xFF);
                    break;
                default:
                    data.RemoveRange(Math.Max(1, data.Count - count), Math.Min(count, data.Count - 1));
                    break;
            }
        }

        return [.. data];
    }

    private static byte[] MakeFragmented()
    {
        List<byte> file =
        [
            .. FileType,
            .. Moov(1000, Track(2, "soun", SampleEntry(DOps(312))), Box("mvex", Full("trex", 0, 0, U32(2, 1, D, 0, 0)))),
        ];
        for (var i = 0; i < 3; i++)
        {
            var packets = MakePackets(4);
            byte[] entries = [.. packets.SelectMany(packet => U32(packet.Length))];
            byte[] Moof(int length) => Box("moof", Box("traf",
                Full("tfhd", 0, 0x20000, U32(2)),
                Full("tfdt", 0, 0, U32(i * 4 * D)),
                Full("trun", 0, 0x201, U32(4, length + 8), entries)));
            file.AddRange([.. Moof(Moof(0).Length), .. Box("mdat", [.. packets.SelectMany(packet => packet)])]);
        }

        return [.. file];
    }
}
