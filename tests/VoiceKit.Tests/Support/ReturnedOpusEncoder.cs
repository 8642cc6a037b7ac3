using VoiceKit.Opus;

namespace VoiceKit.Tests.Support;

/// <summary>An encoder that tells when it is disposed of.</summary>
internal sealed class ReturnedOpusEncoder(IOpusEncoder encoder, Action<IOpusEncoder> giveBack) : IOpusEncoder
{
    private IOpusEncoder? _encoder = encoder;

    public int SampleRate => Encoder.SampleRate;

    public int Channels => Encoder.Channels;

    public int FrameSize => Encoder.FrameSize;

    public int Lookahead => Encoder.Lookahead;

    public int? Bitrate
    {
        get => Encoder.Bitrate;
        set => Encoder.Bitrate = value;
    }

    public bool PredictionDisabled
    {
        get => Encoder.PredictionDisabled;
        set => Encoder.PredictionDisabled = value;
    }

    private IOpusEncoder Encoder => _encoder ?? throw new ObjectDisposedException(nameof(IOpusEncoder));

    public int Encode(ReadOnlySpan<float> pcm, Span<byte> packet) => Encoder.Encode(pcm, packet);

    public void Reset() => Encoder.Reset();

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _encoder, null) is { } own)
            giveBack(own);
    }
}
