using VoiceKit.Containers;
using VoiceKit.Mp4;
using VoiceKit.Opus;

namespace VoiceKit.Fuzz.Targets;

/// <summary>MP4, plain and fragmented. Tables may point anywhere: a window of 256 bytes is read for what they point to.</summary>
public sealed class Mp4Target(ITestOutputHelper output) : ReaderTarget(output)
{
    private protected override int ReadFactor => 64;

    protected override IReadOnlyList<byte[]> MakeSeeds() => Seeds.Mp4;

    private protected override IOpusPacketReader Open(Stream stream, OpusReaderOptions? options = null) =>
        Mp4OpusReader.Open(stream, options);

    private protected override bool IsOneFile(byte[] input)
    {
        using var reader = OpusContainers.Open(new MemoryStream(input));
        return reader is Mp4OpusReader;
    }
}
