using VoiceKit.Opus;
using VoiceKit.Testing;

namespace VoiceKit.App.Tests.Own;

/// <summary>An app's own codec, which counts what it makes.</summary>
internal sealed class OwnCodec : IOpusCodec
{
    public int Encoders { get; private set; }

    public int Decoders { get; private set; }

    public string Name => "own";

    public IOpusEncoder CreateEncoder(OpusEncoderOptions options)
    {
        Encoders++;
        return TestOpusCodec.Default.CreateEncoder(options);
    }

    public IOpusDecoder CreateDecoder(int sampleRate, int channels)
    {
        Decoders++;
        return TestOpusCodec.Default.CreateDecoder(sampleRate, channels);
    }
}
