using VoiceKit.Caf;
using VoiceKit.Opus;
using VoiceKit.Tests.Containers;
using static VoiceKit.Tests.Mp4.Mp4Bytes;

namespace VoiceKit.Tests.Caf;

public class CafMutationTests : ReaderMutationTests
{
    private static readonly byte[] Information = [.. U32(2), .. "title\0some title\0encoder\0me\0"u8];

    private static readonly byte[] TableFirst = new CafBytes
    {
        Order = "desc chan info pakt data",
        Information = Information,
    }.ToArray();

    private static readonly byte[] TableLast = new CafBytes
    {
        Order = "desc data pakt info",
        Information = Information,
        FramesPerPacket = 0,
        Frames = [.. Enumerable.Repeat(960, 10)],
    }.ToArray();

    private protected override byte[][] Wholes => [TableFirst, TableLast];

    private protected override int LeastReadable => 26;

    private protected override int LeastRefused => 20;

    private protected override IOpusPacketReader OpenReader(Stream stream, OpusReaderOptions? options = null) =>
        CafOpusReader.Open(stream, options);

    private protected override (long Position, long Gaps) StateOf(IOpusPacketReader reader) =>
        (((CafOpusReader)reader).Position, 0);

    private protected override byte[] Break(byte[] whole, Random random) =>
        Mutation.OfTables(whole, random, most: 3, longest: 39);
}
