namespace VoiceKit.Opus;

/// <summary>Stands in for the decoder of what cannot be played: its time passes in silence. Fills all that it is given.</summary>
internal sealed class SilentOpusDecoder(int sampleRate, int channels) : IOpusDecoder
{
    public int SampleRate => sampleRate;

    public int Channels => channels;

    public short Gain { get; set; }

    public int Decode(ReadOnlySpan<byte> packet, Span<float> pcm) => Conceal(pcm);

    public int DecodeFec(ReadOnlySpan<byte> nextPacket, Span<float> pcm) => Conceal(pcm);

    public int Conceal(Span<float> pcm)
    {
        pcm.Clear();
        return pcm.Length / channels;
    }

    public void Reset()
    {
    }

    public void Dispose()
    {
    }
}
