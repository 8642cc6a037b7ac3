using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.WebM;
using static VoiceKit.Tests.WebM.MatroskaBytes;

namespace VoiceKit.Tests.WebM;

/// <summary>Files broken at random, always the same ones.</summary>
public class WebMOpusMutationTests
{
    [Fact]
    public void A_fault_in_what_was_stripped_stands_within_the_input()
    {
        var stripped = El(
            EbmlId.ContentCompression, Number(EbmlId.ContentCompAlgo, 3), El(EbmlId.ContentCompSettings, OpusHead(channels: 1)[..9]));
        var encodings = El(EbmlId.ContentEncodings, El(EbmlId.ContentEncoding, Number(EbmlId.ContentEncodingScope, 2), stripped));
        var track = Track(1, 2, "A_OPUS", El(EbmlId.Audio, Number(EbmlId.Channels, 3)), encodings, El(EbmlId.CodecPrivate, [0, 0, 0, 0, 0, 0, 0, 0]));
        byte[] file = [.. Ebml(), .. El(EbmlId.Segment, Info(), Tracks(track))];
        var exception = Assert.Throws<VoiceFormatException>(() => Read(file));
        Assert.InRange(exception.Offset, 0, file.Length);
    }

    [Fact]
    public void What_is_told_again_and_again_takes_no_more_memory_than_bytes()
    {
        byte[][] privates = [.. Enumerable.Range(0, 100_000).Select(i => El(EbmlId.CodecPrivate, [(byte)i]))];
        byte[][] texts = [.. Enumerable.Repeat(El(EbmlId.SimpleTag, El(EbmlId.TagName, "="u8.ToArray())), 100_000)];
        byte[][] tracks = [.. Enumerable.Repeat(El(EbmlId.TrackEntry), 256)];
        byte[] document = [.. Ebml(), .. El(EbmlId.Segment, El(EbmlId.Tracks, tracks))];
        byte[][] files =
        [
            [.. Ebml(), .. El(EbmlId.Segment, Info(), Tracks(OpusTrack(privates)), Cluster(0, Simple(0, Packet(1))))],
            [.. Ebml(), .. El(EbmlId.Segment, Info(), Tracks(OpusTrack()), El(EbmlId.Tags, El(EbmlId.Tag, texts)), Cluster(0, Simple(0, Packet(1))))],
            [.. File(Cluster(0, Simple(0, Packet(1)))), .. Enumerable.Repeat(document, 250).SelectMany(bytes => bytes)],
        ];
        foreach (var file in files)
        {
            Assert.Single(Read(file).Packets);
            var before = GC.GetAllocatedBytesForCurrentThread();
            using var reader = WebMOpusReader.Open(new MemoryStream(file));
            while (reader.Read())
            {
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, file.Length + 1024 * 1024);
        }
    }

    private static readonly byte[][] Wholes = [MakeKnown(), MakeLive()];

    [Fact]
    public void Broken_files_give_audio_or_a_format_error_within_a_bounded_memory()
    {
        var random = new Random(9559);
        var readable = 0;
        for (var i = 0; i < 2000; i++)
        {
            var data = Break(Wholes[i % 2], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var packets = 0;
            try
            {
                using var reader = WebMOpusReader.Open(new MemoryStream(data));
                long position = 0;
                while (reader.Read())
                {
                    packets++;
                    Assert.Equal(position, reader.PacketInfo.Position);
                    Assert.InRange(reader.PacketInfo.Playable, 0, 5760);
                    position += reader.PacketInfo.Playable;
                }

                foreach (var defect in reader.Defects)
                    Assert.InRange(defect.Offset, 0, data.Length);
                readable++;
            }
            catch (VoiceFormatException exception)
            {
                Assert.InRange(exception.Offset, -1, data.Length);
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (1 << 20) + data.Length);
        }

        Assert.InRange(readable, 1000, 1999);
    }

    [Fact]
    public void Chunking_of_broken_files_changes_nothing()
    {
        var random = new Random(8794);
        for (var i = 0; i < 300; i++)
        {
            var data = Break(Wholes[i % 2], random);
            Assert.Equal(Describe(new MemoryStream(data), false), Describe(new TrickleStream(data, random.Next(1, 700)), false));
        }
    }

    [Fact]
    public void Strict_reading_of_broken_files_throws_nothing_but_the_format_error()
    {
        var random = new Random(7845);
        var refused = Enumerable.Range(0, 1000)
            .Count(i => Describe(new MemoryStream(Break(Wholes[i % 2], random)), true).StartsWith('!'));
        Assert.InRange(refused, 500, 999);
    }

    private static string Describe(Stream stream, bool strict)
    {
        try
        {
            var result = Read(stream, strict);
            return $"{result.Position} {result.GapSamples} {result.Packets.Count} {string.Join('|', result.Defects)} "
                + string.Join(',', result.Packets.Select(Convert.ToHexString));
        }
        catch (VoiceFormatException exception)
        {
            return $"! {exception.Message} {exception.Offset}";
        }
    }

    // Bits flipped, bytes cut out, doubled, overwritten or cut off.
    private static byte[] Break(byte[] whole, Random random)
    {
        var data = whole.ToList();
        for (var n = random.Next(1, 5); n > 0; n--)
        {
            var at = random.Next(data.Count);
            var count = Math.Min(random.Next(1, 200), data.Count - at);
            switch (random.Next(5))
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
                default:
                    data.RemoveRange(Math.Max(1, data.Count - count), Math.Min(count, data.Count - 1));
                    break;
            }
        }

        return [.. data];
    }

    private static byte[] MakeKnown()
    {
        var output = new MemoryStream();
        var options = new WebMOpusWriterOptions { MaxClusterDuration = TimeSpan.FromMilliseconds(100) };
        var tags = new OpusTags("test", new OpusComment("TITLE", "whole"));
        using var writer = new WebMOpusWriter(output, new OpusHead(1, 312, 48_000), tags, options);
        for (var i = 0; i < 60; i++)
            writer.WritePacket(Packet(i, 10 + i % 40));
        writer.Finish(408);
        return output.ToArray();
    }

    private static byte[] MakeLive()
    {
        var laced = BlockOf(EbmlId.SimpleBlock, 1, 60, 0x06, [2, 0x89, 0xBF, .. Packet(1, 9), .. Packet(2, 9), .. Packet(3, 9)]);
        return LikeChrome(
            [
                .. Enumerable.Range(0, 15).Select(i => Open(
                    EbmlId.Cluster,
                    Number(EbmlId.Timestamp, i * 120),
                    Simple(0, Packet(i, 30)),
                    Simple(20, Packet(i + 1, 40)),
                    laced)),
            ]);
    }
}
