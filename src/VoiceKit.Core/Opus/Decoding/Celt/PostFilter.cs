using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// The post-filter (RFC 6716 §4.3.7.1): a comb filter that gives back the harmonics that the encoder took away. It works on its
/// own output of at least 13 samples before, so eight samples can be done at once.
/// </summary>
internal static class PostFilter
{
    /// <summary>How far it looks back.</summary>
    public const int Reach = 1024 + 2;

    private static ReadOnlySpan<float> Taps =>
    [
        0.3066406250f, 0.2170410156f, 0.1296386719f,
        0.4638671875f, 0.2680664062f, 0,
        0.7998046875f, 0.1000976562f, 0,
    ];

    /// <summary>Filters a part of the signal in place.</summary>
    /// <param name="signal">The signal; begins at least <see cref="Reach"/> samples before <paramref name="start"/>.</param>
    /// <param name="start">Where the part begins.</param>
    /// <param name="length">The length of the part, at least the overlap.</param>
    /// <param name="from">The filter so far.</param>
    /// <param name="to">The filter that it turns into during the overlap.</param>
    public static void Apply(Span<float> signal, int start, int length, PostFilterSetting from, PostFilterSetting to)
    {
        if (from.Gain == 0 && to.Gain == 0)
            return;

        var end = start + length;
        if (from != to)
        {
            Change(signal, start, from, to);
            start += CeltBands.Overlap;
        }

        if (to.Gain != 0)
            Run(signal, start, end, to);
    }

    /// <summary>Takes the filter's effect out of the samples before a frame that is not filtered yet.</summary>
    /// <param name="signal">The signal; begins at least <see cref="Reach"/> samples before <paramref name="start"/>.</param>
    /// <param name="start">Where the samples begin.</param>
    /// <param name="result">Receives the samples.</param>
    /// <param name="setting">The filter.</param>
    public static void Undo(ReadOnlySpan<float> signal, int start, Span<float> result, PostFilterSetting setting)
    {
        var taps = TapsOf(setting with { Gain = -setting.Gain });
        for (var i = 0; i < result.Length; i += 8)
            Filter(signal, start + i, setting.Period, taps).StoreTo(result.Slice(i, 8));
    }

    private static void Run(Span<float> signal, int start, int end, PostFilterSetting setting)
    {
        var taps = TapsOf(setting);
        for (var i = start; i < end; i += 8)
            Filter(signal, i, setting.Period, taps).StoreTo(signal.Slice(i, 8));
    }

    private static Vector256<float> Filter(
        ReadOnlySpan<float> signal, int at, int period, (float Middle, float Near, float Far) taps)
    {
        var past = signal.Slice(at - period - 2, 12);
        return Vector256.Create(signal.Slice(at, 8))
            + Vector256.Create(past[2..]) * taps.Middle
            + (Vector256.Create(past[3..]) + Vector256.Create(past[1..])) * taps.Near
            + (Vector256.Create(past[4..]) + Vector256.Create(past)) * taps.Far;
    }

    /// <summary>Goes from one filter to another by the square of the window.</summary>
    private static void Change(Span<float> signal, int start, PostFilterSetting from, PostFilterSetting to)
    {
        ReadOnlySpan<float> squares = MdctTables.SquaredWindow;
        var oldTaps = TapsOf(from);
        var newTaps = TapsOf(to);
        for (var i = 0; i < CeltBands.Overlap; i += 8)
        {
            var rising = Vector256.Create(squares.Slice(i, 8));
            var falling = Vector256<float>.One - rising;
            var old = signal.Slice(start + i - from.Period - 2, 12);
            var young = signal.Slice(start + i - to.Period - 2, 12);
            var samples = Vector256.Create<float>(signal.Slice(start + i, 8))
                + falling * oldTaps.Middle * Vector256.Create<float>(old[2..])
                + falling * oldTaps.Near * (Vector256.Create<float>(old[3..]) + Vector256.Create<float>(old[1..]))
                + falling * oldTaps.Far * (Vector256.Create<float>(old[4..]) + Vector256.Create<float>(old))
                + rising * newTaps.Middle * Vector256.Create<float>(young[2..])
                + rising * newTaps.Near * (Vector256.Create<float>(young[3..]) + Vector256.Create<float>(young[1..]))
                + rising * newTaps.Far * (Vector256.Create<float>(young[4..]) + Vector256.Create<float>(young));
            samples.StoreTo(signal.Slice(start + i, 8));
        }
    }

    private static (float Middle, float Near, float Far) TapsOf(PostFilterSetting setting)
    {
        var taps = Taps.Slice(3 * setting.TapSet, 3);
        return (setting.Gain * taps[0], setting.Gain * taps[1], setting.Gain * taps[2]);
    }
}
