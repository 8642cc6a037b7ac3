namespace VoiceKit.Opus;

/// <summary>An encoder that goes back to its pool when it is disposed.</summary>
internal sealed class PooledOpusEncoder(IOpusEncoder encoder, Action<IOpusEncoder> giveBack) : IOpusEncoder
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
