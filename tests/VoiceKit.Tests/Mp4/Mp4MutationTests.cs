using VoiceKit.Mp4;
using VoiceKit.Opus;
using VoiceKit.Tests.Containers;
using static VoiceKit.Tests.Mp4.Mp4Bytes;

namespace VoiceKit.Tests.Mp4;

public class Mp4MutationTests : ReaderMutationTests
{
    private static readonly byte[] Whole = new Mp4Bytes
    {
        PerChunk = 3,
        Edits = Elst((8000, 400)),
        UserData = Box("udta", Full("meta", 0, 0,
            Full("hdlr", 0, 0, new byte[21]),
            Box("ilst", Box("©nam", Box("data", U32(1, 0), [65, 66]))))),
    }.ToArray();

    private static readonly byte[] Fragmented = MakeFragmented();

    private protected override byte[][] Wholes => [Whole, Fragmented];

    private protected override int LeastReadable => 20;

    private protected override int LeastRefused => 20;

    private protected override IOpusPacketReader OpenReader(Stream stream, OpusReaderOptions? options = null) =>
        Mp4OpusReader.Open(stream, options);

    private protected override (long Position, long Gaps) StateOf(IOpusPacketReader reader) =>
        (((Mp4OpusReader)reader).Position, ((Mp4OpusReader)reader).GapSamples);

    private protected override byte[] Break(byte[] whole, Random random) =>
        Mutation.OfTables(whole, random, most: 3, longest: 59);

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
