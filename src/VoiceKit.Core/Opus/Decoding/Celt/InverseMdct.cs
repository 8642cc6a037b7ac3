using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// The inverse MDCT with its window and overlap (RFC 6716 §4.3.7).
/// </summary>
/// <remarks>
/// From N / 2 bins X it makes the N / 2 samples that are not mirrors of others, by N / 4 complex points:
/// a[i] = (X[N / 2 - 1 - 2 i] + j X[2 i]) t[i] with t[i] = e^(2πj (i + 1/8) / N); A is the inverse Fourier transform of a,
/// without a factor; B[i] = A[i] t[i]; the samples are y[2 i] = Re B[i] and y[N / 2 - 1 - 2 i] = -Im B[i]. A long transform
/// lays its points in rows of eight: transforms of the eight columns (<see cref="ColumnTransform"/>), then of the rows. The
/// short transforms of a transient frame are columns from the start.
/// </remarks>
internal sealed class InverseMdct
{
    private const int LaneCount = 8;
    private const int MaxPoints = CeltBands.MaxLength / 2;
    private const int Half = CeltBands.Overlap / 2;
    private const int ShortRows = CeltBands.ShortLength;

    private readonly float[] _real = new float[MaxPoints];
    private readonly float[] _imaginary = new float[MaxPoints];
    private readonly float[] _evens = new float[MaxPoints];
    private readonly float[] _odds = new float[MaxPoints];
    private readonly float[] _bins = new float[ShortRows * LaneCount];
    private readonly float[] _samples = new float[ShortRows * LaneCount];

    /// <summary>Makes the samples of a frame and adds them to what the last frame left.</summary>
    /// <param name="spectrum">The bins; the short MDCTs of a transient frame interleaved.</param>
    /// <param name="sizeLog">The frame's size (LM).</param>
    /// <param name="blocks">The MDCTs in it: 1 or 2^<paramref name="sizeLog"/>.</param>
    /// <param name="signal">
    /// From the frame's first sample on: begins with what the last frame left, receives the frame and what this one leaves.
    /// </param>
    public void Synthesize(ReadOnlySpan<float> spectrum, int sizeLog, int blocks, Span<float> signal)
    {
        if (blocks == 1 && sizeLog > 0)
            SynthesizeLong(spectrum, MdctTables.ForLong(sizeLog), signal);
        else
            SynthesizeShort(spectrum, blocks, signal);
    }

    private void SynthesizeLong(ReadOnlySpan<float> spectrum, MdctTables tables, Span<float> signal)
    {
        var points = spectrum.Length / 2;
        RotateBins(spectrum, tables);
        ColumnTransform.Inverse(_real.AsSpan(0, points), _imaginary.AsSpan(0, points));
        TransformRows(tables);
        Interleave(_evens.AsSpan(0, points), _odds.AsSpan(0, points), signal.Slice(Half, 2 * points));
        Overlap(signal[..CeltBands.Overlap]);
    }

    /// <summary>Makes the points a[i], eight in a row.</summary>
    private void RotateBins(ReadOnlySpan<float> spectrum, MdctTables tables)
    {
        ReadOnlySpan<float> cosines = tables.Cosines;
        ReadOnlySpan<float> sines = tables.Sines;
        var rows = tables.InputRows;
        var back = spectrum;
        for (var row = 0; row < rows.Length; row++)
        {
            var front = spectrum.Slice(16 * row, 16);
            var mirrored = back[^16..];
            back = back[..^16];
            var x = Lanes.Join(
                Lanes.Evens(Vector128.Create(front), Vector128.Create(front[4..])),
                Lanes.Evens(Vector128.Create(front[8..]), Vector128.Create(front[12..])));
            var y = Lanes.Join(
                Lanes.OddsReversed(Vector128.Create(mirrored[8..]), Vector128.Create(mirrored[12..])),
                Lanes.OddsReversed(Vector128.Create(mirrored), Vector128.Create(mirrored[4..])));
            var turned = new ComplexLanes(y, x) * ComplexLanes.Load(cosines.Slice(8 * row, 8), sines.Slice(8 * row, 8));
            var place = rows[row] * LaneCount;
            turned.Store(_real.AsSpan(place, 8), _imaginary.AsSpan(place, 8));
        }
    }

    /// <summary>Transforms across the lanes, four rows at once, and makes the samples from the points A.</summary>
    private void TransformRows(MdctTables tables)
    {
        var count = tables.OutputRows.Length;
        for (var row = 0; row < count; row += 4)
        {
            // The last four may overlap those before.
            var first = Math.Min(row, count - 4);
            TransformFourRows(tables, first, count);
        }
    }

    private void TransformFourRows(MdctTables tables, int first, int count)
    {
        var a = TurnedRow(tables, first);
        var b = TurnedRow(tables, first + 1);
        var c = TurnedRow(tables, first + 2);
        var d = TurnedRow(tables, first + 3);
        Columns(
            a.Real.GetLower(), b.Real.GetLower(), c.Real.GetLower(), d.Real.GetLower(),
            a.Imaginary.GetLower(), b.Imaginary.GetLower(), c.Imaginary.GetLower(), d.Imaginary.GetLower(),
            out var x0, out var x1, out var x2, out var x3);
        Columns(
            a.Real.GetUpper(), b.Real.GetUpper(), c.Real.GetUpper(), d.Real.GetUpper(),
            a.Imaginary.GetUpper(), b.Imaginary.GetUpper(), c.Imaginary.GetUpper(), d.Imaginary.GetUpper(),
            out var x4, out var x5, out var x6, out var x7);

        var evenSum = x0 + x4;
        var evenDifference = x0 - x4;
        var oddSum = x2 + x6;
        var oddDifference = (x2 - x6).Turned();
        var e0 = evenSum + oddSum;
        var e1 = evenDifference + oddDifference;
        var e2 = evenSum - oddSum;
        var e3 = evenDifference - oddDifference;

        evenSum = x1 + x5;
        evenDifference = x1 - x5;
        oddSum = x3 + x7;
        oddDifference = (x3 - x7).Turned();
        var o0 = evenSum + oddSum;
        var o1 = (evenDifference + oddDifference).TurnedByEighth();
        var o2 = (evenSum - oddSum).Turned();
        var o3 = (evenDifference - oddDifference).TurnedByEighth().Turned();

        StoreSamples(tables, first, e0 + o0);
        StoreSamples(tables, first + count, e1 + o1);
        StoreSamples(tables, first + 2 * count, e2 + o2);
        StoreSamples(tables, first + 3 * count, e3 + o3);
        StoreSamples(tables, first + 4 * count, e0 - o0);
        StoreSamples(tables, first + 5 * count, e1 - o1);
        StoreSamples(tables, first + 6 * count, e2 - o2);
        StoreSamples(tables, first + 7 * count, e3 - o3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ComplexLanes TurnedRow(MdctTables tables, int row)
    {
        var place = tables.OutputRows[row] * LaneCount;
        var turn = ComplexLanes.Load(tables.LaneCosines.AsSpan(8 * row, 8), tables.LaneSines.AsSpan(8 * row, 8));
        return ComplexLanes.Load(_real.AsSpan(place, 8), _imaginary.AsSpan(place, 8)) * turn;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns(
        Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d,
        Vector128<float> ia, Vector128<float> ib, Vector128<float> ic, Vector128<float> id,
        out ComplexQuad x0, out ComplexQuad x1, out ComplexQuad x2, out ComplexQuad x3)
    {
        Lanes.Transpose(ref a, ref b, ref c, ref d);
        Lanes.Transpose(ref ia, ref ib, ref ic, ref id);
        x0 = new(a, ia);
        x1 = new(b, ib);
        x2 = new(c, ic);
        x3 = new(d, id);
    }

    /// <summary>Makes B[i] of A[i], and its samples.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void StoreSamples(MdctTables tables, int point, ComplexQuad a)
    {
        var cosines = Vector128.Create<float>(tables.Cosines.AsSpan(point, 4));
        var sines = Vector128.Create<float>(tables.Sines.AsSpan(point, 4));
        (a.Real * cosines - a.Imaginary * sines).StoreTo(_evens.AsSpan(point, 4));
        (-(a.Real * sines) - a.Imaginary * cosines).StoreTo(_odds.AsSpan(point, 4));
    }

    /// <summary>Lays the samples with even places, and those with odd ones from the back, one between the other.</summary>
    private static void Interleave(ReadOnlySpan<float> evens, ReadOnlySpan<float> odds, Span<float> samples)
    {
        while (evens.Length >= 4 && odds.Length >= 4 && samples.Length >= 8)
        {
            var even = Vector128.Create(evens);
            var odd = Lanes.Reverse(Vector128.Create(odds[^4..]));
            Lanes.InterleaveLow(even, odd).StoreTo(samples);
            Lanes.InterleaveHigh(even, odd).StoreTo(samples[4..]);
            evens = evens[4..];
            odds = odds[..^4];
            samples = samples[8..];
        }
    }

    private void SynthesizeShort(ReadOnlySpan<float> spectrum, int blocks, Span<float> signal)
    {
        var tables = MdctTables.ForShort();
        RotateShortBins(blocks == LaneCount ? spectrum : Widen(spectrum, blocks), tables);
        ColumnTransform.Inverse(_real, _imaginary);
        StoreShortSamples(tables);
        for (var block = 0; block < blocks; block++)
        {
            var samples = signal.Slice(block * ShortRows, ShortRows + CeltBands.Overlap);
            CopyColumn(block, samples.Slice(Half, ShortRows));
            Overlap(samples[..CeltBands.Overlap]);
        }
    }

    /// <summary>Lays the bins of fewer than eight MDCTs in rows of eight.</summary>
    private ReadOnlySpan<float> Widen(ReadOnlySpan<float> spectrum, int blocks)
    {
        for (var row = 0; row < ShortRows; row++)
            spectrum.Slice(row * blocks, blocks).CopyTo(_bins.AsSpan(row * LaneCount, LaneCount));
        return _bins;
    }

    private void RotateShortBins(ReadOnlySpan<float> bins, MdctTables tables)
    {
        for (var i = 0; i < tables.InputRows.Length; i++)
        {
            var x = Vector256.Create(bins.Slice(2 * i * LaneCount, 8));
            var y = Vector256.Create(bins.Slice((ShortRows - 1 - 2 * i) * LaneCount, 8));
            var place = tables.InputRows[i] * LaneCount;
            Turned(new(y, x), tables, i).Store(_real.AsSpan(place, 8), _imaginary.AsSpan(place, 8));
        }
    }

    private void StoreShortSamples(MdctTables tables)
    {
        for (var i = 0; i < tables.OutputRows.Length; i++)
        {
            var place = tables.OutputRows[i] * LaneCount;
            var b = Turned(ComplexLanes.Load(_real.AsSpan(place, 8), _imaginary.AsSpan(place, 8)), tables, i);
            b.Real.StoreTo(_samples.AsSpan(2 * i * LaneCount, 8));
            (-b.Imaginary).StoreTo(_samples.AsSpan((ShortRows - 1 - 2 * i) * LaneCount, 8));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ComplexLanes Turned(ComplexLanes a, MdctTables tables, int point) =>
        a * new ComplexLanes(Vector256.Create(tables.Cosines[point]), Vector256.Create(tables.Sines[point]));

    private void CopyColumn(int column, Span<float> samples)
    {
        var from = column;
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = _samples[from];
            from += LaneCount;
        }
    }

    /// <summary>
    /// Adds the windowed end of the last MDCT to the windowed beginning of this one; each is half of its mirror image.
    /// </summary>
    private static void Overlap(Span<float> samples)
    {
        ReadOnlySpan<float> window = MdctTables.Window;
        for (var i = 0; i < Half; i += 4)
        {
            var mirrored = samples.Slice(CeltBands.Overlap - 4 - i, 4);
            var rising = Vector128.Create(window.Slice(i, 4));
            var falling = Lanes.Reverse(Vector128.Create(window.Slice(CeltBands.Overlap - 4 - i, 4)));
            var old = Vector128.Create<float>(samples.Slice(i, 4));
            var young = Lanes.Reverse(Vector128.Create<float>(mirrored));
            (old * falling - young * rising).StoreTo(samples.Slice(i, 4));
            Lanes.Reverse(old * rising + young * falling).StoreTo(mirrored);
        }
    }
}
