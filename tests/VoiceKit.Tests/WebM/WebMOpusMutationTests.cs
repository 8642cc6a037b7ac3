using VoiceKit.Opus;
using VoiceKit.Tests.Containers;
using VoiceKit.WebM;
using static VoiceKit.Tests.WebM.MatroskaBytes;

namespace VoiceKit.Tests.WebM;

public class WebMOpusMutationTests : ReaderMutationTests
{
    private static readonly byte[][] Files = [MakeKnown(), MakeLive()];

    private protected override byte[][] Wholes => Files;

    // The last block of a live file is laced.
    private protected override int PacketsOfLastPiece => 3;

    private protected override int LeastReadable => 50;

    private protected override int LeastRefused => 50;

    private protected override IOpusPacketReader OpenReader(Stream stream, OpusReaderOptions? options = null) =>
        WebMOpusReader.Open(stream, options);

    private protected override (long Position, long Gaps) StateOf(IOpusPacketReader reader) =>
        (((WebMOpusReader)reader).Position, ((WebMOpusReader)reader).GapSamples);

    private protected override byte[] Break(byte[] whole, Random random) =>
        Mutation.OfTables(whole, random, most: 4, longest: 199);

    [Fact]
    public void A_fault_in_what_was_stripped_stands_within_the_input()
    {
        var stripped = El(
            EbmlId.ContentCompression,
            Number(EbmlId.ContentCompAlgo, 3),
            El(EbmlId.ContentCompSettings, OpusHead(channels: 1)[..9]));
        var encodings = El(EbmlId.ContentEncodings, El(EbmlId.ContentEncoding, Number(EbmlId.ContentEncodingScope, 2), stripped));
        var track = Track(
            1,
            2,
            "A_OPUS",
            El(EbmlId.Audio, Number(EbmlId.Channels, 3)),
            encodings,
            El(EbmlId.CodecPrivate, [0, 0, 0, 0, 0, 0, 0, 0]));
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
            [.. Ebml(), .. El(
                EbmlId.Segment,
                Info(),
                Tracks(OpusTrack()),
                El(EbmlId.Tags, El(EbmlId.Tag, texts)),
                Cluster(0, Simple(0, Packet(1))))],
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

    private static byte[] MakeKnown()
    {
        var output = new MemoryStream();
        var options = new OpusWriterOptions { MaxClusterDuration = TimeSpan.FromMilliseconds(100) };
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
