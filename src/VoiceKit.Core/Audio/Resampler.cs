namespace VoiceKit.Audio;

/// <summary>
/// Changes the sample rate of PCM by any ratio of whole rates, as a stream: a polyphase FIR filter whose prototype is a
/// sinc under a Kaiser window (Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", 1974).
/// </summary>
/// <remarks>
/// <para>Pass band: 0…0.45 × the lower of the two rates, flat to ±0.001 dB. Stop band: from 0.5 × the lower rate, below
/// −105 dB, so nothing folds back into the band that is kept. The delay of the filter is compensated: output frame n is the
/// signal at n / <see cref="OutputRate"/> seconds, and a stream of N frames gives exactly
/// <see cref="OutputFrames">OutputFrames(N)</see> frames. The signal counts as silent before its start and after its end.
/// The position is kept in integers and never drifts.</para>
/// <para>The same input gives the same output bit for bit, however it is cut into pieces and however large the output
/// buffers are; channels do not touch each other. Equal rates copy the samples.</para>
/// <para>The filter spans 144 × max(1, in / out) input frames, rounded up to a multiple of 16. An output frame is ready
/// once half of that is there after it (1.6 ms at 44.1 kHz). An instance keeps the span and as much again, the latter at
/// least 1024 frames: 73 728 frames per channel at 256:1. Filters, up to 0.9 MB each, are shared by instances of one ratio.
/// The constructor allocates everything. An instance is for one thread at a time.</para>
/// </remarks>
internal sealed class Resampler
{
    /// <summary>The largest ratio of the two rates taken, up or down.</summary>
    public const int MaxRatio = 256;

    private const int MinBlock = 1024;

    // Output n lies at input time n·M/L. The next one is at frame _position + taps/2 − 1 of the history plus _phase / L.
    private readonly int _up;
    private readonly int _down;
    private readonly ResamplerFilter? _filter;
    private readonly float[] _history = [];
    private readonly int _capacity;

    private int _position;
    private int _phase;
    private int _filled;
    private long _inputFrames;
    private long _outputFrames;
    private bool _ended;

    /// <summary>Creates a resampler at the start of a stream.</summary>
    /// <param name="inputRate">The rate of the input in Hz, 1…<see cref="AudioFormat.MaxSampleRate"/>.</param>
    /// <param name="outputRate">The rate of the output in Hz, in the same range.</param>
    /// <param name="channels">Channels per frame, 1…<see cref="AudioFormat.MaxChannels"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A value is out of its range, or one rate is more than <see cref="MaxRatio"/> times the other.
    /// </exception>
    public Resampler(int inputRate, int outputRate, int channels)
    {
        CheckRates(inputRate, outputRate);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, AudioFormat.MaxChannels);
        InputRate = inputRate;
        OutputRate = outputRate;
        Channels = channels;

        int divisor = GreatestCommonDivisor(inputRate, outputRate);
        _up = outputRate / divisor;
        _down = inputRate / divisor;
        if (inputRate != outputRate)
        {
            _filter = ResamplerFilterCache.Get(_up, _down);
            _capacity = _filter.Taps + Math.Max(_filter.Taps, MinBlock);
            _history = new float[channels * _capacity];
        }

        Reset();
    }

    /// <summary>The rate of the input in Hz.</summary>
    public int InputRate { get; }

    /// <summary>The rate of the output in Hz.</summary>
    public int OutputRate { get; }

    /// <summary>Channels per frame, the same on both sides.</summary>
    public int Channels { get; }

    /// <summary>
    /// How many frames a stream has at another rate: <paramref name="inputFrames"/> × out / in, rounded to the nearest whole
    /// number, halves up.
    /// </summary>
    /// <param name="inputFrames">The length at the input rate in frames, 0 or more.</param>
    /// <param name="inputRate">The rate of the input in Hz, 1…<see cref="AudioFormat.MaxSampleRate"/>.</param>
    /// <param name="outputRate">The rate of the output in Hz, in the same range.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A value is out of its range, or one rate is more than <see cref="MaxRatio"/> times the other.
    /// </exception>
    /// <exception cref="OverflowException">The result does not fit a <see cref="long"/>.</exception>
    public static long OutputFrames(long inputFrames, int inputRate, int outputRate)
    {
        CheckRates(inputRate, outputRate);
        ArgumentOutOfRangeException.ThrowIfNegative(inputFrames);
        return RoundedQuotient(inputFrames, outputRate, inputRate);
    }

    /// <summary>
    /// Takes input and gives output, as much of both as goes: it returns when the input is used up or the output is full.
    /// </summary>
    /// <param name="input">The next samples, interleaved, whole frames; may be empty.</param>
    /// <param name="output">
    /// Where the output goes, interleaved; must not overlap the input. A rest smaller than a frame is left alone.
    /// </param>
    /// <param name="consumed">How many floats of the input were taken, whole frames; pass the rest again.</param>
    /// <param name="produced">How many floats of the output were written, whole frames.</param>
    /// <exception cref="ArgumentException">The input is not whole frames.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Flush"/> has ended the stream.</exception>
    public void Process(ReadOnlySpan<float> input, Span<float> output, out int consumed, out int produced)
    {
        if (input.Length % Channels != 0)
            throw new ArgumentException("The input is not whole frames.", nameof(input));
        if (_ended)
            throw new InvalidOperationException("The stream has ended; call Reset to start another.");

        int inputFrames = input.Length / Channels;
        int room = output.Length / Channels;
        int taken = 0;
        int given = 0;
        if (_filter is null)
        {
            taken = given = Math.Min(inputFrames, room);
            input[..(taken * Channels)].CopyTo(output);
        }
        else
        {
            do
            {
                taken += Append(input[(taken * Channels)..], inputFrames - taken);
                given += Filter(_filter, output[(given * Channels)..], room - given);
            }
            while (taken < inputFrames && given < room);
        }

        _inputFrames += taken;
        _outputFrames += given;
        consumed = taken * Channels;
        produced = given * Channels;
    }

    /// <summary>
    /// Ends the stream and gives the frames that were waiting for input after them. Call it until it gives 0;
    /// <see cref="Reset"/> starts another stream.
    /// </summary>
    /// <param name="output">Where the output goes, interleaved; holds at least one frame.</param>
    /// <returns>How many floats were written, whole frames; 0 when the stream is complete.</returns>
    /// <exception cref="ArgumentException">The output is smaller than one frame.</exception>
    public int Flush(Span<float> output)
    {
        if (output.Length < Channels)
            throw new ArgumentException("The output is smaller than one frame.", nameof(output));
        _ended = true;
        if (_filter is null)
            return 0;

        long missing = RoundedQuotient(_inputFrames, _up, _down) - _outputFrames;
        int wanted = (int)Math.Min(missing, output.Length / Channels);
        int given = 0;
        while (given < wanted)
        {
            AppendSilence();
            given += Filter(_filter, output[(given * Channels)..], wanted - given);
        }

        _outputFrames += given;
        return given * Channels;
    }

    /// <summary>Forgets all input: the next sample is the first of a new stream.</summary>
    public void Reset()
    {
        Array.Clear(_history);
        _position = 0;
        _phase = 0;
        _filled = _filter is null ? 0 : _filter.Taps / 2 - 1;
        _inputFrames = 0;
        _outputFrames = 0;
        _ended = false;
    }

    /// <summary>How many input frames an output frame depends on, at most.</summary>
    internal static int SpanOf(int inputRate, int outputRate)
    {
        int divisor = GreatestCommonDivisor(inputRate, outputRate);
        return inputRate == outputRate ? 1 : ResamplerFilterCache.Get(outputRate / divisor, inputRate / divisor).Taps;
    }

    private static void CheckRates(int inputRate, int outputRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputRate, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inputRate, AudioFormat.MaxSampleRate);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputRate, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(outputRate, AudioFormat.MaxSampleRate);
        if (Math.Max(inputRate, outputRate) > (long)MaxRatio * Math.Min(inputRate, outputRate))
            throw new ArgumentOutOfRangeException(
                nameof(outputRate), outputRate, $"The ratio to {inputRate} Hz is beyond 1:{MaxRatio} or {MaxRatio}:1.");
    }

    private static int GreatestCommonDivisor(int a, int b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }

    private static long RoundedQuotient(long frames, int numerator, int denominator) =>
        checked((long)(((Int128)frames * numerator * 2 + denominator) / (2 * (Int128)denominator)));

    private int Append(ReadOnlySpan<float> input, int frames)
    {
        int count = MakeRoom(frames);
        if (Channels == 1)
        {
            input[..count].CopyTo(_history.AsSpan(_filled));
        }
        else
        {
            for (int channel = 0; channel < Channels; channel++)
                TakeChannel(input, channel, _history.AsSpan(channel * _capacity + _filled, count));
        }

        _filled += count;
        return count;
    }

    private void TakeChannel(ReadOnlySpan<float> interleaved, int channel, Span<float> planar)
    {
        int from = channel;
        for (int i = 0; i < planar.Length; i++, from += Channels)
            planar[i] = interleaved[from];
    }

    private void AppendSilence()
    {
        int count = MakeRoom(_capacity);
        for (int channel = 0; channel < Channels; channel++)
            _history.AsSpan(channel * _capacity + _filled, count).Clear();
        _filled += count;
    }

    // Moves what is still needed to the front when the rest of the history is too small for the frames that come.
    private int MakeRoom(int frames)
    {
        if (frames > _capacity - _filled && _position > 0)
        {
            int kept = _filled - _position;
            for (int channel = 0; channel < Channels; channel++)
            {
                Span<float> history = _history.AsSpan(channel * _capacity, _filled);
                history[_position..].CopyTo(history);
            }

            _position = 0;
            _filled = kept;
        }

        return Math.Min(frames, _capacity - _filled);
    }

    private int Filter(ResamplerFilter filter, Span<float> output, int room)
    {
        int frames = (int)Math.Min(room, ReadyFrames(filter.Taps));
        if (frames == 0)
            return 0;
        for (int channel = 0; channel < Channels; channel++)
            FilterChannel(filter, _history.AsSpan(channel * _capacity, _filled), output[channel..], frames);

        long end = _phase + (long)frames * _down;
        _position += (int)(end / _up);
        _phase = (int)(end % _up);
        return frames;
    }

    // The frames whose last tap, _position + floor((_phase + n·M) / L) + taps − 1, lies within the history.
    private long ReadyFrames(int taps)
    {
        long slack = _filled - taps - _position;
        return slack < 0 ? 0 : ((slack + 1) * _up - 1 - _phase) / _down + 1;
    }

    private void FilterChannel(ResamplerFilter filter, ReadOnlySpan<float> history, Span<float> output, int frames)
    {
        bool exact = filter.Phases == _up;
        (int step, int rest) = Math.DivRem(_down, _up);
        int position = _position;
        int phase = _phase;
        int to = 0;
        for (int i = 0; i < frames; i++, to += Channels)
        {
            ReadOnlySpan<float> window = history.Slice(position, filter.Taps);
            output[to] = exact ? ResamplerFilter.Dot(window, filter.Row(phase)) : Interpolate(filter, window, phase);
            position += step;
            phase += rest;
            if (phase >= _up)
            {
                phase -= _up;
                position++;
            }
        }
    }

    private float Interpolate(ResamplerFilter filter, ReadOnlySpan<float> window, int phase)
    {
        (long row, long beyond) = Math.DivRem((long)phase * filter.Phases, _up);
        float before = ResamplerFilter.Dot(window, filter.Row((int)row));
        float after = ResamplerFilter.Dot(window, filter.Row((int)row + 1));
        return before + (after - before) * ((float)beyond / _up);
    }
}
