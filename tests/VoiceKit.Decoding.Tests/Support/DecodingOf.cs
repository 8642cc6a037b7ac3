using VoiceKit.LibOpus;
using VoiceKit.Opus;

namespace VoiceKit.Decoding.Tests.Support;

/// <summary>
/// Encodes with libopus and decodes with another codec, so that the tests of a whole codec run over one that only decodes.
/// </summary>
internal sealed class DecodingOf(IOpusDecoderFactory decoding) : IOpusCodec
{
    public string Name => decoding.Name;

    public IOpusEncoder CreateEncoder(OpusEncoderOptions options) => LibOpusCodec.Default.CreateEncoder(options);

    public IOpusDecoder CreateDecoder(int sampleRate, int channels) => decoding.CreateDecoder(sampleRate, channels);
}
