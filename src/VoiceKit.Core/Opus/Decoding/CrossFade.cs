using VoiceKit.Opus.Decoding.Celt;

namespace VoiceKit.Opus.Decoding;

/// <summary>Goes over from one signal to another within 2.5 ms, by the window of the MDCT (RFC 6716 §4.5.1.4).</summary>
/// <param name="sampleRate">The rate in Hz.</param>
/// <param name="channels">The channels, 1 or 2.</param>
internal sealed class CrossFade(int sampleRate, int channels)
{
    private readonly float[] _weights = MakeWeights(sampleRate, channels);

    /// <summary>Fades.</summary>
    /// <param name="before">2.5 ms of the signal that ends.</param>
    /// <param name="after">2.5 ms of the signal that begins.</param>
    /// <param name="pcm">Receives 2.5 ms; may be one of the two.</param>
    public void Apply(ReadOnlySpan<float> before, ReadOnlySpan<float> after, Span<float> pcm)
    {
        for (var i = 0; i < _weights.Length; i++)
            pcm[i] = _weights[i] * after[i] + (1 - _weights[i]) * before[i];
    }

    private static float[] MakeWeights(int sampleRate, int channels)
    {
        var weights = new float[sampleRate / 400 * channels];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = MdctTables.SquaredWindow[i / channels * (OpusRates.Full / sampleRate)];
        return weights;
    }
}
