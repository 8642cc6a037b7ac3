using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// De-emphasis (RFC 6716 §4.3.7.2) of all channels, and taking every second, third, fourth or sixth sample for lower rates: the
/// bins above their bandwidth were left out before.
/// </summary>
internal sealed class DeEmphasis(int channels, int decimation)
{
    private const float Factor = 0.8500061035f;

    /// <summary>Keeps the filter's tail from numbers so small that they are slow.</summary>
    private const float Tiny = 1e-30f;

    /// <summary>The signal's full scale is that of 16-bit numbers.</summary>
    private const float Scale = 1 / 32768f;

    private readonly float[] _last = new float[2];
    private readonly FirstOrderFilter _filter = new(Factor);

    public void Reset() => Array.Clear(_last);

    /// <summary>Makes the output of one frame.</summary>
    /// <param name="left">The first channel at 48 kHz.</param>
    /// <param name="right">The second channel; unused where there is one.</param>
    /// <param name="pcm">Receives the samples, interleaved.</param>
    /// <param name="accumulate">Whether they are added to what is there.</param>
    public void Apply(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> pcm, bool accumulate)
    {
        if (decimation > 1)
        {
            Decimate(left, 0, pcm, accumulate);
            if (channels == 2)
                Decimate(right, 1, pcm, accumulate);
        }
        else if (channels == 2)
        {
            FilterStereo(left, right, pcm, accumulate);
        }
        else
        {
            FilterMono(left, pcm, accumulate);
        }
    }

    private void FilterMono(ReadOnlySpan<float> signal, Span<float> pcm, bool accumulate)
    {
        var filter = _filter;
        var tiny = Vector128.Create(Tiny);
        var last = Vector128.Create(_last[0]);
        while (signal.Length >= 8 && pcm.Length >= 8)
        {
            var first = filter.Begin(Vector128.Create(signal) + tiny);
            var second = filter.Begin(Vector128.Create(signal[4..]) + tiny);
            first = filter.Continue(first, last);
            second = filter.Continue(second, Lanes.Last(first));
            last = Lanes.Last(second);
            Put(first, pcm, accumulate);
            Put(second, pcm[4..], accumulate);
            signal = signal[8..];
            pcm = pcm[8..];
        }

        _last[0] = last.ToScalar();
    }

    private void FilterStereo(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> pcm, bool accumulate)
    {
        var filter = _filter;
        var tiny = Vector128.Create(Tiny);
        var lastLeft = Vector128.Create(_last[0]);
        var lastRight = Vector128.Create(_last[1]);
        while (left.Length >= 4 && right.Length >= 4 && pcm.Length >= 8)
        {
            var l = filter.Run(Vector128.Create(left) + tiny, lastLeft);
            var r = filter.Run(Vector128.Create(right) + tiny, lastRight);
            lastLeft = Lanes.Last(l);
            lastRight = Lanes.Last(r);
            Put(Lanes.InterleaveLow(l, r), pcm, accumulate);
            Put(Lanes.InterleaveHigh(l, r), pcm[4..], accumulate);
            left = left[4..];
            right = right[4..];
            pcm = pcm[8..];
        }

        _last[0] = lastLeft.ToScalar();
        _last[1] = lastRight.ToScalar();
    }

    private static void Put(Vector128<float> samples, Span<float> pcm, bool accumulate)
    {
        samples *= Scale;
        if (accumulate)
            samples += Vector128.Create<float>(pcm);
        samples.StoreTo(pcm);
    }

    private void Decimate(ReadOnlySpan<float> signal, int channel, Span<float> pcm, bool accumulate)
    {
        var last = _last[channel];
        var at = channel;
        for (var i = 0; i <= signal.Length - decimation; i += decimation)
        {
            var group = signal.Slice(i, decimation);
            last = group[0] + Tiny + Factor * last;
            pcm[at] = accumulate ? pcm[at] + last * Scale : last * Scale;
            for (var j = 1; j < group.Length; j++)
                last = group[j] + Tiny + Factor * last;
            at += channels;
        }

        _last[channel] = last;
    }
}
