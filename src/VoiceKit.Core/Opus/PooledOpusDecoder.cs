namespace VoiceKit.Opus;

/// <summary>A decoder that goes back to its pool when it is disposed.</summary>
internal sealed class PooledOpusDecoder(IOpusDecoder decoder, Action<IOpusDecoder> giveBack) : IOpusDecoder
{
    private IOpusDecoder? _decoder = decoder;

    public int SampleRate => Decoder.SampleRate;

    public int Channels => Decoder.Channels;

    public short Gain
    {
        get => Decoder.Gain;
        set => Decoder.Gain = value;
    }

    private IOpusDecoder Decoder => _decoder ?? throw new ObjectDisposedException(nameof(IOpusDecoder));

    public int Decode(ReadOnlySpan<byte> packet, Span<float> pcm) => Decoder.Decode(packet, pcm);

    public int DecodeFec(ReadOnlySpan<byte> nextPacket, Span<float> pcm) => Decoder.DecodeFec(nextPacket, pcm);

    public int Conceal(Span<float> pcm) => Decoder.Conceal(pcm);

    public void Reset() => Decoder.Reset();

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _decoder, null) is { } own)
            giveBack(own);
    }
}
