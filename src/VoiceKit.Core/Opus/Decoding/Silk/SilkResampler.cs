using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>
/// Brings SILK's internal rate to the rate of the output (RFC 6716 §4.2.9). The RFC leaves the method open but fixes the delay;
/// this
/// is the method of its reference decoder, to the bit.
/// </summary>
internal sealed class SilkResampler
{
    private const int MaxDelay = 12;
    private const int UpTaps = 8;
    private const int MaxDownTaps = 24;
    private const float Scale = 1f / 32_768;

    // The all-pass coefficients when the rate is doubled, in Q16; the last of each is less 1.
    private const int UpEven0 = 1746;
    private const int UpEven1 = 14_986;
    private const int UpEven2 = 39_083 - 65_536;
    private const int UpOdd0 = 6854;
    private const int UpOdd1 = 25_769;
    private const int UpOdd2 = 55_542 - 65_536;

    private readonly int[] _delayed = new int[MaxDelay + SilkChannel.MaxFrameLength];
    private readonly int[] _recursive = new int[6];
    private readonly int[] _filtered = new int[MaxDownTaps + SilkChannel.MaxFrameLength];

    /// <summary>The even and the odd samples of the doubled rate, after the last four of each from the frame before.</summary>
    private readonly int[] _even = new int[UpTaps / 2 + SilkChannel.MaxFrameLength];
    private readonly int[] _odd = new int[UpTaps / 2 + SilkChannel.MaxFrameLength];
    private readonly float[] _phase = new float[SilkChannel.MaxFrameLength];
    private int _kilohertz;
    private int _outputRate;
    private int _delay;
    private int _taps;

    /// <summary>How many samples go into <see cref="_outPeriod"/> samples, after the rate is doubled if it is.</summary>
    private int _inPeriod;

    private int _outPeriod;
    private Method _method;

    private enum Method
    {
        Copy,
        Double,
        DoubleAndInterpolate,
        FilterAndInterpolate,
    }

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        Array.Clear(_delayed);
        Array.Clear(_recursive);
        Array.Clear(_filtered);
        Array.Clear(_even);
        Array.Clear(_odd);
        _kilohertz = 0;
    }

    /// <summary>Takes on rates; where they change, forgets what was heard.</summary>
    /// <param name="kilohertz">The internal rate: 8, 12 or 16 kHz.</param>
    /// <param name="outputRate">The rate of the output in Hz.</param>
    public void Configure(int kilohertz, int outputRate)
    {
        if (kilohertz == _kilohertz && outputRate == _outputRate)
            return;
        Reset();
        _kilohertz = kilohertz;
        _outputRate = outputRate;
        var output = outputRate / 1000;
        _delay = Delay(kilohertz, output);
        _method = output == kilohertz ? Method.Copy
            : output == 2 * kilohertz ? Method.Double
            : output > kilohertz ? Method.DoubleAndInterpolate
            : Method.FilterAndInterpolate;
        var input = _method == Method.DoubleAndInterpolate ? 2 * kilohertz : kilohertz;
        var divisor = GreatestCommonDivisor(input, output);
        _inPeriod = input / divisor;
        _outPeriod = output / divisor;
        _taps = _method == Method.DoubleAndInterpolate ? UpTaps : _outPeriod == 1 ? MaxDownTaps : 18;
    }

    /// <summary>Goes on from where another is.</summary>
    public void CopyFrom(SilkResampler other)
    {
        Configure(other._kilohertz, other._outputRate);
        other._delayed.AsSpan().CopyTo(_delayed);
        other._recursive.AsSpan().CopyTo(_recursive);
        other._filtered.AsSpan().CopyTo(_filtered);
        other._even.AsSpan().CopyTo(_even);
        other._odd.AsSpan().CopyTo(_odd);
    }

    /// <summary>How many samples come out for a number that goes in.</summary>
    public int OutputLength(int inputLength) => inputLength * (_outputRate / 1000) / _kilohertz;

    /// <summary>Resamples a frame.</summary>
    /// <param name="samples">A number of 16-bit samples that is whole in milliseconds.</param>
    /// <param name="output">Receives <see cref="OutputLength"/> samples between −1 and 1.</param>
    public void Process(ReadOnlySpan<int> samples, Span<float> output)
    {
        samples.CopyTo(_delayed.AsSpan(_delay));
        var delayed = _delayed.AsSpan(0, samples.Length);
        switch (_method)
        {
            case Method.Copy:
                Copy(delayed, output);
                break;
            case Method.Double:
                DoubleRate(delayed);
                CopyDoubled(output);
                break;
            case Method.DoubleAndInterpolate:
                DoubleRate(delayed);
                InterpolateUp(samples.Length, output);
                _even.AsSpan(samples.Length, UpTaps / 2).CopyTo(_even);
                _odd.AsSpan(samples.Length, UpTaps / 2).CopyTo(_odd);
                break;
            default:
                FilterLow(delayed, _filtered.AsSpan(_taps));
                InterpolateDown(output);
                _filtered.AsSpan(samples.Length, _taps).CopyTo(_filtered);
                break;
        }

        _delayed.AsSpan(samples.Length, _delay).CopyTo(_delayed);
    }

    // A frame has a multiple of eight samples. With a length that is known, a piece needs one look at the bounds.
    private static void Copy(ReadOnlySpan<int> samples, Span<float> output)
    {
        const int Piece = 8;
        for (var i = 0; i < output.Length; i += Piece)
        {
            var from = samples.Slice(i, Piece);
            var to = output.Slice(i, Piece);
            (Vector128.ConvertToSingle(Vector128.Create(from)) * Scale).StoreTo(to);
            (Vector128.ConvertToSingle(Vector128.Create(from[4..])) * Scale).StoreTo(to[4..]);
        }
    }

    // RFC 6716 §4.2.9 leaves the delays within a limit; these make that of all rates the same.
    private static int Delay(int kilohertz, int output) => (kilohertz, output) switch
    {
        (8, 8) => 4,
        (8, 16) => 2,
        (8, _) => 0,
        (12, 8) => 0,
        (12, 12) => 9,
        (12, 24) => 7,
        (12, _) => 4,
        (_, 8) => 0,
        (_, 12) => 3,
        (_, 16) => 12,
        _ => 7,
    };

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);

    /// <summary>
    /// Doubles the rate: three all-pass sections for even samples, three for odd ones, of which the states are in Q10.
    /// </summary>
    private void DoubleRate(ReadOnlySpan<int> samples)
    {
        var even = _even.AsSpan(UpTaps / 2, samples.Length);
        var odd = _odd.AsSpan(UpTaps / 2, samples.Length);
        var state = _recursive;
        int even0 = state[0], even1 = state[1], even2 = state[2], odd0 = state[3], odd1 = state[4], odd2 = state[5];
        for (var i = 0; i < samples.Length; i++)
        {
            var input = samples[i] << 10;
            var first = PassAll(input, ref even0, UpEven0);
            var second = PassAll(first, ref even1, UpEven1);
            even[i] = Round10(PassAllLessOne(second, ref even2, UpEven2));

            first = PassAll(input, ref odd0, UpOdd0);
            second = PassAll(first, ref odd1, UpOdd1);
            odd[i] = Round10(PassAllLessOne(second, ref odd2, UpOdd2));
        }

        (state[0], state[1], state[2]) = (even0, even1, even2);
        (state[3], state[4], state[5]) = (odd0, odd1, odd2);
    }

    private void CopyDoubled(Span<float> output)
    {
        var even = _even.AsSpan(UpTaps / 2, output.Length / 2);
        var odd = _odd.AsSpan(UpTaps / 2, output.Length / 2);
        for (var i = 0; i < even.Length; i++)
        {
            output[2 * i] = even[i] * Scale;
            output[2 * i + 1] = odd[i] * Scale;
        }
    }

    private static int PassAll(int input, ref int state, int coefficient)
    {
        var change = FixedPoint.MultiplyQ16(input - state, coefficient);
        var output = state + change;
        state = input + change;
        return output;
    }

    // The coefficient is above one half, so it is kept as what it lacks to 1.
    private static int PassAllLessOne(int input, ref int state, int coefficient)
    {
        var difference = input - state;
        var change = difference + FixedPoint.MultiplyQ16(difference, coefficient);
        var output = state + change;
        state = input + change;
        return output;
    }

    private static int Round10(int value) => FixedPoint.Saturate16(FixedPoint.RoundShift(value, 10));

    /// <summary>
    /// Interpolates between the samples of the doubled rate. The fractions repeat, after one period or two, with a whole number
    /// of
    /// input samples: all outputs of one fraction are made at once.
    /// </summary>
    private void InterpolateUp(int inputLength, Span<float> output)
    {
        var periods = (_inPeriod & 1) == 0 ? 1 : 2;
        var inputs = _inPeriod * periods / 2;
        var phases = _outPeriod * periods;
        for (var i = 0; i < phases; i++)
        {
            var at = i * _inPeriod / _outPeriod;
            var fraction = i * _inPeriod % _outPeriod;
            var count = inputLength / inputs;
            if (inputs == 1)
                InterpolateNeighbours(at, fraction * 12 / _outPeriod, _phase.AsSpan(0, count));
            else
                InterpolateApart(at, inputs, fraction * 12 / _outPeriod, _phase.AsSpan(0, count));
            Spread(_phase.AsSpan(0, count), output[i..], phases);
        }
    }

    private static void Spread(ReadOnlySpan<float> samples, Span<float> output, int step)
    {
        var at = 0;
        foreach (var sample in samples)
        {
            output[at] = sample;
            at += step;
        }
    }

    // One output for each input sample.
    private void InterpolateNeighbours(int at, int row, Span<float> output)
    {
        var (same, other) = at % 2 == 0 ? (_even, _odd) : (_odd, _even);
        ReadOnlySpan<int> first = same.AsSpan(at / 2);
        ReadOnlySpan<int> second = other.AsSpan((at + 1) / 2);
        var head = ResamplerTables.Fractions.Slice(4 * row, 4);
        var tail = ResamplerTables.Fractions.Slice(4 * (11 - row), 4);
        var tap0 = Vector256.Create((int)head[0]);
        var tap1 = Vector256.Create((int)head[1]);
        var tap2 = Vector256.Create((int)head[2]);
        var tap3 = Vector256.Create((int)head[3]);
        var tap4 = Vector256.Create((int)tail[3]);
        var tap5 = Vector256.Create((int)tail[2]);
        var tap6 = Vector256.Create((int)tail[1]);
        var tap7 = Vector256.Create((int)tail[0]);
        for (var i = 0; i < output.Length; i += Vector256<int>.Count)
        {
            var sum = Vector256.Create(first[i..]) * tap0 + Vector256.Create(second[i..]) * tap1
                + Vector256.Create(first[(i + 1)..]) * tap2 + Vector256.Create(second[(i + 1)..]) * tap3
                + Vector256.Create(first[(i + 2)..]) * tap4 + Vector256.Create(second[(i + 2)..]) * tap5
                + Vector256.Create(first[(i + 3)..]) * tap6 + Vector256.Create(second[(i + 3)..]) * tap7;
            sum = Lanes.Saturate16((sum >> 14) + Vector256<int>.One >> 1);
            (Vector256.ConvertToSingle(sum) * Vector256.Create(Scale)).StoreTo(output[i..]);
        }
    }

    // One output for several input samples.
    private void InterpolateApart(int at, int inputs, int row, Span<float> output)
    {
        var (same, other) = at % 2 == 0 ? (_even, _odd) : (_odd, _even);
        ReadOnlySpan<int> first = same.AsSpan(at / 2);
        ReadOnlySpan<int> second = other.AsSpan((at + 1) / 2);
        var head = ResamplerTables.Fractions.Slice(4 * row, 4);
        var tail = ResamplerTables.Fractions.Slice(4 * (11 - row), 4);
        for (var i = 0; i < output.Length; i++)
        {
            var even = first.Slice(i * inputs, 4);
            var odd = second.Slice(i * inputs, 4);
            var sum = even[0] * head[0] + odd[0] * head[1] + even[1] * head[2] + odd[1] * head[3]
                + even[2] * tail[3] + odd[2] * tail[2] + even[3] * tail[1] + odd[3] * tail[0];
            output[i] = FixedPoint.Saturate16(FixedPoint.RoundShift(sum, 15)) * Scale;
        }
    }

    /// <summary>A recursive filter of the second order; its output is in Q8.</summary>
    private void FilterLow(ReadOnlySpan<int> samples, Span<int> filtered)
    {
        var (first, second) = (_outPeriod, _inPeriod) switch
        {
            (3, 4) => (-20_694, -13_867),
            (2, 3) => (-14_457, -14_019),
            _ => (616, -14_323),
        };
        var state0 = _recursive[0];
        var state1 = _recursive[1];
        for (var i = 0; i < samples.Length; i++)
        {
            var value = state0 + (samples[i] << 8);
            filtered[i] = value;
            value <<= 2;
            state0 = state1 + FixedPoint.MultiplyQ16(value, first);
            state1 = FixedPoint.MultiplyQ16(value, second);
        }

        _recursive[0] = state0;
        _recursive[1] = state1;
    }

    private void InterpolateDown(Span<float> output)
    {
        var table = _outPeriod switch
        {
            3 => ResamplerTables.Down3To4,
            2 => ResamplerTables.Down2To3,
            _ => ResamplerTables.Down1To2,
        };
        var half = _taps / 2;
        var at = 0;
        var fraction = 0;
        for (var i = 0; i < output.Length; i++)
        {
            var samples = _filtered.AsSpan(at, _taps);
            var first = table.Slice(half * fraction, half);
            var last = table.Slice(half * (_outPeriod - 1 - fraction), half);
            var sum = _outPeriod == 1 ? SumSymmetric(samples, first) : SumFraction(samples, first, last);
            output[i] = FixedPoint.Saturate16(FixedPoint.RoundShift(sum, 6)) * Scale;
            Advance(ref at, ref fraction);
        }
    }

    private static int SumSymmetric(ReadOnlySpan<int> samples, ReadOnlySpan<short> filter)
    {
        var sum = 0;
        for (var k = 0; k < filter.Length; k++)
            sum += FixedPoint.MultiplyQ16(samples[k] + samples[samples.Length - 1 - k], filter[k]);
        return sum;
    }

    private static int SumFraction(ReadOnlySpan<int> samples, ReadOnlySpan<short> first, ReadOnlySpan<short> last)
    {
        var sum = 0;
        for (var k = 0; k < first.Length; k++)
        {
            sum += FixedPoint.MultiplyQ16(samples[k], first[k]);
            sum += FixedPoint.MultiplyQ16(samples[samples.Length - 1 - k], last[k]);
        }

        return sum;
    }

    private void Advance(ref int at, ref int fraction)
    {
        fraction += _inPeriod;
        at += fraction / _outPeriod;
        fraction %= _outPeriod;
    }
}
