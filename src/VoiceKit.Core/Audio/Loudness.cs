namespace VoiceKit.Audio;

/// <summary>
/// Measures how loud audio is as a whole: the integrated loudness of ITU-R BS.1770-4 (EBU R 128), in LUFS. K-weighted, in blocks
/// of 400 ms that overlap by three quarters, without the blocks below −70 LUFS and those 10 LU below the mean of the rest.
/// </summary>
/// <remarks>
/// <para>The two filters are made for each sample rate; at 48 kHz they are those of the recommendation's tables 1 and 2. Channels
/// in the order of WAV: with 5 or more the surrounds at the sides count 1.41 times, and the LFE channel of 6, 7 or 8 not at all.
/// Mono counts as one channel, so the same sound in both channels of stereo is 3 LU louder.</para>
/// <para>Takes any amount of audio in 150 KB; adding allocates nothing. The same input gives the same result however it is cut
/// into pieces. NaN counts as 0, and a magnitude above 16 as 16. Not thread-safe.</para>
/// </remarks>
internal sealed class Loudness
{
    // Blocks are counted by their loudness in steps of 0.01 LU, from the absolute gate on.
    private const double Gate = -70;
    private const double RelativeGate = -10;
    private const int StepsPerUnit = 100;
    private const int Steps = 100 * StepsPerUnit;
    private const int StepsPerSecond = 10;
    private const int StepsPerBlock = 4;
    private const double Faded = 1e-30;

    private readonly int _channels;
    private readonly double[] _weights;
    private readonly double[] _shelf;
    private readonly double[] _highPass;
    private readonly double[] _state;
    private readonly double[] _energies;
    private readonly long[] _counts = new long[Steps];
    private readonly double[] _sums = new double[Steps];
    private readonly double[] _recent = new double[StepsPerBlock];
    private readonly int[] _recentFrames = new int[StepsPerBlock];
    private double _whole;
    private double _peak;
    private long _steps;
    private int _stepFill;
    private int _stepLength;

    /// <summary>Creates a meter that has heard nothing.</summary>
    /// <param name="format">The format of the samples to come.</param>
    /// <exception cref="ArgumentException">The format is the default value, which has no channels.</exception>
    public Loudness(AudioFormat format)
    {
        if (format.Channels == 0)
            throw new ArgumentException("The format has no channels.", nameof(format));
        Format = format;
        _channels = format.Channels;
        _weights = [.. Enumerable.Range(0, _channels).Select(channel => WeightOf(channel, _channels))];
        _shelf = MakeShelf(format.SampleRate);
        _highPass = MakeHighPass(format.SampleRate);
        _state = new double[4 * _channels];
        _energies = new double[_channels];
        _stepLength = LengthOfStep();
    }

    /// <summary>The format of the samples.</summary>
    public AudioFormat Format { get; }

    /// <summary>How many frames were added.</summary>
    public long FrameCount { get; private set; }

    /// <summary>The largest magnitude of any sample, 1 for full scale.</summary>
    public double SamplePeak => _peak;

    /// <summary>
    /// The integrated loudness in LUFS; negative infinity where nothing is louder than −70 LUFS. Audio shorter than one block of
    /// 400 ms, of which the recommendation says nothing, counts as one block.
    /// </summary>
    public double Integrated
    {
        get
        {
            if (_steps < StepsPerBlock)
            {
                var whole = FrameCount == 0 ? double.NegativeInfinity : ToLoudness(WholeEnergy / FrameCount);
                return whole >= Gate ? whole : double.NegativeInfinity;
            }

            var mean = MeanFrom(0);
            if (mean == 0)
                return double.NegativeInfinity;
            var gate = (int)Math.Ceiling((ToLoudness(mean) + RelativeGate - Gate) * StepsPerUnit);
            return ToLoudness(MeanFrom(Math.Clamp(gate, 0, Steps - 1)));
        }
    }

    /// <summary>Takes the next samples.</summary>
    /// <param name="samples">Interleaved whole frames.</param>
    /// <exception cref="ArgumentException">The samples are not whole frames.</exception>
    public void Add(ReadOnlySpan<float> samples)
    {
        if (samples.Length % _channels != 0)
            throw new ArgumentException("The samples are not whole frames.", nameof(samples));
        while (!samples.IsEmpty)
        {
            var frames = Math.Min(samples.Length / _channels, _stepLength - _stepFill);
            for (var channel = 0; channel < _channels; channel++)
                Filter(samples[..(frames * _channels)], channel);
            samples = samples[(frames * _channels)..];
            FrameCount += frames;
            _stepFill += frames;
            if (_stepFill == _stepLength)
                EndStep();
        }
    }

    /// <summary>Forgets all input.</summary>
    public void Reset()
    {
        Array.Clear(_state);
        Array.Clear(_energies);
        Array.Clear(_counts);
        Array.Clear(_sums);
        (_whole, _peak, _steps, _stepFill, FrameCount) = (0, 0, 0, 0, 0);
        _stepLength = LengthOfStep();
    }

    private static double ToLoudness(double energy) => -0.691 + 10 * Math.Log10(energy);

    private double WholeEnergy => _whole + Weighted();

    // BS.1770-4, tables 3 and 4: between 60° and 120° to the side, +1.5 dB.
    private static double WeightOf(int channel, int channels) => channels switch
    {
        5 => channel >= 3 ? 1.41 : 1,
        6 => channel == 3 ? 0 : channel >= 4 ? 1.41 : 1,
        7 => channel == 3 ? 0 : channel >= 5 ? 1.41 : 1,
        8 => channel == 3 ? 0 : channel >= 6 ? 1.41 : 1,
        _ => 1,
    };

    // The analogue prototypes behind tables 1 and 2, by the bilinear transform with the centre kept: b0, b1, b2, a1, a2.
    private static double[] MakeShelf(int rate)
    {
        const double Quality = 0.7071752369554196;
        var high = Math.Pow(10, 3.999843853973347 / 20);
        var band = Math.Pow(high, 0.4996667741545416);
        var k = Math.Tan(Math.PI * Math.Min(1681.974450955533 / rate, 0.49));
        var norm = 1 + k / Quality + k * k;
        return
        [
            (high + band * k / Quality + k * k) / norm, 2 * (k * k - high) / norm, (high - band * k / Quality + k * k) / norm,
            2 * (k * k - 1) / norm, (1 - k / Quality + k * k) / norm,
        ];
    }

    private static double[] MakeHighPass(int rate)
    {
        const double Quality = 0.5003270373238773;
        var k = Math.Tan(Math.PI * Math.Min(38.13547087602444 / rate, 0.49));
        var norm = 1 + k / Quality + k * k;
        return [1, -2, 1, 2 * (k * k - 1) / norm, (1 - k / Quality + k * k) / norm];
    }

    private static double WithoutDenormals(double value) => Math.Abs(value) < Faded ? 0 : value;

    // Steps of 100 ms begin where that falls, to the nearest frame.
    private int LengthOfStep() => (int)Math.Max(1, StartOfStep(_steps + 1) - StartOfStep(_steps));

    private long StartOfStep(long step) => (step * Format.SampleRate + StepsPerSecond / 2) / StepsPerSecond;

    private void Filter(ReadOnlySpan<float> samples, int channel)
    {
        var (b0, b1, b2, a1, a2) = (_shelf[0], _shelf[1], _shelf[2], _shelf[3], _shelf[4]);
        var (c1, c2) = (_highPass[3], _highPass[4]);
        var state = _state.AsSpan(4 * channel, 4);
        var (s1, s2, t1, t2) = (state[0], state[1], state[2], state[3]);
        var (energy, peak) = (_energies[channel], _peak);
        for (var i = channel; i < samples.Length; i += _channels)
        {
            double input = SampleCleaner.Clean(samples[i]);
            peak = Math.Max(peak, Math.Abs(input));
            var shelved = b0 * input + s1;
            s1 = WithoutDenormals(b1 * input - a1 * shelved + s2);
            s2 = WithoutDenormals(b2 * input - a2 * shelved);
            var output = shelved + t1;
            t1 = WithoutDenormals(t2 - 2 * shelved - c1 * output);
            t2 = WithoutDenormals(shelved - c2 * output);
            energy += output * output;
        }

        (state[0], state[1], state[2], state[3]) = (s1, s2, t1, t2);
        (_energies[channel], _peak) = (energy, peak);
    }

    private double Weighted()
    {
        double sum = 0;
        for (var channel = 0; channel < _channels; channel++)
            sum += _weights[channel] * _energies[channel];
        return sum;
    }

    private void EndStep()
    {
        var energy = Weighted();
        Array.Clear(_energies);
        _whole += energy;
        var at = (int)(_steps % StepsPerBlock);
        (_recent[at], _recentFrames[at]) = (energy, _stepLength);
        _steps++;
        _stepFill = 0;
        _stepLength = LengthOfStep();
        if (_steps >= StepsPerBlock)
            EndBlock();
    }

    private void EndBlock()
    {
        double energy = 0;
        var frames = 0;
        for (var i = 0; i < StepsPerBlock; i++)
        {
            energy += _recent[i];
            frames += _recentFrames[i];
        }

        energy /= frames;
        var step = Math.Floor((ToLoudness(energy) - Gate) * StepsPerUnit);
        if (!(step >= 0))
            return;
        var bin = (int)Math.Min(step, Steps - 1);
        _counts[bin]++;
        _sums[bin] += energy;
    }

    private double MeanFrom(int step)
    {
        long count = 0;
        double sum = 0;
        for (var i = step; i < Steps; i++)
        {
            count += _counts[i];
            sum += _sums[i];
        }

        return count == 0 ? 0 : sum / count;
    }
}
