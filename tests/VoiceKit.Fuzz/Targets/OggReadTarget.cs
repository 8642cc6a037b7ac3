using VoiceKit.Containers;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Fuzz.Targets;

/// <summary>Ogg Opus from its start to its end. Every byte is read once. Salvaging gives no less audio than not.</summary>
public sealed class OggReadTarget(ITestOutputHelper output) : ReaderTarget(output)
{
    private protected override int ReadFactor => 1;

    protected override IReadOnlyList<byte[]> MakeSeeds() => Seeds.Ogg;

    private protected override IOpusPacketReader Open(Stream stream, OpusReaderOptions? options = null) =>
        OggOpusReader.Open(stream, options);

    protected override void Check(byte[] input)
    {
        base.Check(input);
        var salvaged = PacketRecord.Of(() => OggOpusReader.Open(input, new OpusReaderOptions { Salvages = true }));
        salvaged.CheckRanges(input.Length);
    }
}
