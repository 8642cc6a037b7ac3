using VoiceKit.Caf;
using VoiceKit.Containers;
using VoiceKit.Opus;

namespace VoiceKit.Fuzz.Targets;

/// <summary>CAF. Its table is read when the file is opened, to know its end, and once more with the packets.</summary>
public sealed class CafTarget(ITestOutputHelper output) : ReaderTarget(output)
{
    private protected override int ReadFactor => 8;

    protected override IReadOnlyList<byte[]> MakeSeeds() => Seeds.Caf;

    private protected override IOpusPacketReader Open(Stream stream, OpusReaderOptions? options = null) =>
        CafOpusReader.Open(stream, options);
}
