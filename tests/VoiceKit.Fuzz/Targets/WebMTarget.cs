using VoiceKit.Containers;
using VoiceKit.Opus;
using VoiceKit.WebM;

namespace VoiceKit.Fuzz.Targets;

/// <summary>WebM and Matroska. Every byte is read once.</summary>
public sealed class WebMTarget(ITestOutputHelper output) : ReaderTarget(output)
{
    private protected override int ReadFactor => 1;

    protected override IReadOnlyList<byte[]> MakeSeeds() => Seeds.WebM;

    private protected override IOpusPacketReader Open(Stream stream, OpusReaderOptions? options = null) =>
        WebMOpusReader.Open(stream, options);
}
