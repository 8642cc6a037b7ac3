using VoiceKit.LibOpus;
using VoiceKit.Opus;

namespace VoiceKit.Tests.Support;

/// <summary>libopus, with a count of the encoders that are made and released. Thread-safe.</summary>
internal sealed class CountingCodec : IOpusCodec
{
    private int _made;
    private int _released;

    public int Made => _made;

    public int Released => _released;

    public string Name => LibOpusCodec.Default.Name;

    public IOpusEncoder CreateEncoder(OpusEncoderOptions options)
    {
        Interlocked.Increment(ref _made);
        return new ReturnedOpusEncoder(LibOpusCodec.Default.CreateEncoder(options), encoder =>
        {
            Interlocked.Increment(ref _released);
            encoder.Dispose();
        });
    }

    public IOpusDecoder CreateDecoder(int sampleRate, int channels) => LibOpusCodec.Default.CreateDecoder(sampleRate, channels);
}
