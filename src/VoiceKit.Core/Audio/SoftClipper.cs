using System.Runtime.Intrinsics;

namespace VoiceKit.Audio;

/// <summary>
/// Brings what is louder than full scale down to it as libopus does for its 16-bit output (<c>opus_pcm_soft_clip</c>): between
/// two zero crossings around a peak above 1, each sample x becomes x + a·x², with the a that makes the peak 1. Keeps its state
/// from one stretch to the next, so that a half wave that both share is bent alike. An instance is for one thread at a time.
/// </summary>
internal sealed class SoftClipper(int channels)
{
    // The curve is flat there; what is beyond is cut first.
    private const float Most = 2;

    // Just enough that rounding leaves nothing above 1.
    private const float Margin = 2.4e-7f;

    private readonly float[] _bends = new float[channels];
    private bool _isBending;

    /// <summary>Forgets what came before.</summary>
    public void Reset()
    {
        Array.Clear(_bends);
        _isBending = false;
    }

    /// <summary>Processes the next stretch: a packet's samples, as a decoder gives them.</summary>
    /// <param name="samples">Interleaved whole frames, in place.</param>
    public void Process(Span<float> samples)
    {
        if (samples.IsEmpty || (!_isBending && !ExceedsFullScale(samples)))
            return;
        foreach (ref var sample in samples)
            sample = Math.Clamp(sample, -Most, Most);
        _isBending = false;
        for (var channel = 0; channel < channels; channel++)
        {
            _bends[channel] = ProcessChannel(samples[channel..], _bends[channel]);
            _isBending |= _bends[channel] != 0;
        }
    }

    private static bool ExceedsFullScale(ReadOnlySpan<float> samples)
    {
        // It hardly ever happens, so that one look at the end is enough.
        var exceeding = Vector128<float>.Zero;
        var at = 0;
        for (; at <= samples.Length - Vector128<float>.Count; at += Vector128<float>.Count)
            exceeding |= Vector128.GreaterThan(Vector128.Abs(Vector128.Create(samples[at..])), Vector128<float>.One);
        if (exceeding.AsInt32() != Vector128<int>.Zero)
            return true;
        for (; at < samples.Length; at++)
        {
            if (Math.Abs(samples[at]) > 1)
                return true;
        }

        return false;
    }

    private float ProcessChannel(Span<float> x, float bend)
    {
        var count = (x.Length + channels - 1) / channels;
        GoOn(x, count, bend);
        var first = x[0];
        for (var done = 0; done < count;)
        {
            var over = FindOver(x, done, count);
            if (over == count)
                return 0;
            done = BendPeak(x, count, over, done, first, out bend);
        }

        return bend;
    }

    // The half wave that was bent at the end of the stretch before goes on to its zero crossing.
    private void GoOn(Span<float> x, int count, float bend)
    {
        for (var i = 0; i < count && x[i * channels] * bend < 0; i++)
            Bend(ref x[i * channels], bend);
    }

    private int FindOver(ReadOnlySpan<float> x, int from, int count)
    {
        while (from < count && Math.Abs(x[from * channels]) <= 1)
            from++;
        return from;
    }

    private int BendPeak(Span<float> x, int count, int over, int done, float first, out float bend)
    {
        var value = x[over * channels];
        var (start, end, peakAt) = (over, over, over);
        while (start > 0 && value * x[(start - 1) * channels] >= 0)
            start--;
        for (; end < count && value * x[end * channels] >= 0; end++)
            peakAt = Math.Abs(x[end * channels]) > Math.Abs(x[peakAt * channels]) ? end : peakAt;

        var peak = Math.Abs(x[peakAt * channels]);
        bend = (peak - 1) / (peak * peak);
        bend += bend * Margin;
        bend = value > 0 ? -bend : bend;
        for (var i = start; i < end; i++)
            Bend(ref x[i * channels], bend);
        if (start == 0 && peakAt >= 2)
            RampTo(x, peakAt, done, first);
        return end;
    }

    // Where the half wave begins before the stretch, its first sample stays what it was, and a ramp leads to the peak.
    private void RampTo(Span<float> x, int peakAt, int done, float first)
    {
        var offset = first - x[0];
        var step = offset / peakAt;
        for (var i = done; i < peakAt; i++)
        {
            offset -= step;
            ref var sample = ref x[i * channels];
            sample = Math.Clamp(sample + offset, -1, 1);
        }
    }

    private static void Bend(ref float sample, float bend) => sample += bend * sample * sample;
}
