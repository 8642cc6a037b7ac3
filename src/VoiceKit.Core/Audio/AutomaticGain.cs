using System.Numerics;
using System.Runtime.InteropServices;

namespace VoiceKit.Audio;

/// <summary>
/// Brings speech slowly to one level, and limits peaks before they come, as a stream: as many frames come out as went in.
/// </summary>
/// <remarks>
/// <para><b>Gain.</b> It follows the level of the last three seconds of speech, by 6 dB a second up and 20 dB down, and only
/// while there is speech; in pauses it stands still, so that the noise in them is not pumped up. Noise alone leaves it where it
/// is. Speech is what stands out by 9 dB from the quietest 20 ms of the last two seconds, above −60 dBFS.</para>
/// <para><b>Limiter.</b> It sees 5 ms ahead, takes the gain down in 2.5 ms before a peak that would exceed the ceiling, and gives
/// it back by 40 dB a second. No sample ever exceeds the ceiling. All channels have one gain.</para>
/// <para>The same input gives the same output bit for bit, however it is cut into pieces and however large the output buffers
/// are. NaN counts as 0, and a magnitude above 16 (+24 dBFS), infinity too, as 16. The constructor allocates everything. An
/// instance is for one thread at a time.</para>
/// </remarks>
public sealed class AutomaticGain
{
    private const int BlocksPerSecond = 400;
    private const int BlocksPerLevel = BlocksPerSecond / SpeechLevel.PerSecond;
    private const int Blocks = 3;
    private const double UpPerSecond = 6;
    private const double DownPerSecond = 20;
    private const double ReleasePerSecond = 40;

    private static readonly Vector<float> Steps = MakeSteps();

    private readonly AutomaticGainOptions _options;
    private readonly SpeechLevel _speech = new();
    private readonly int _blockFrames;
    private readonly int _blockFloats;
    private readonly float _ceiling;
    private readonly double _release = Math.Pow(10, ReleasePerSecond / BlocksPerSecond / 20);

    // Three blocks in turns: one that is given, the one after it, whose peak must be known before, and one that is filled.
    private readonly float[] _samples;
    private readonly float[] _peaks = new float[Blocks];
    private long _filled;
    private long _given;
    private long _shaped;
    private long _end;
    private bool _ended;

    // The gain at the border of two blocks: what the speech asks for, and what the limiter lets through of it.
    private double _gain;
    private double _limit;
    private double _applied;
    private double _levelEnergy;
    private int _levelBlocks;

    /// <summary>Creates a gain of 0 dB at the start of a stream.</summary>
    /// <param name="format">The format of both sides.</param>
    /// <param name="options">What to aim at; null takes the defaults.</param>
    /// <exception cref="ArgumentException">The format is the default value, which has no channels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public AutomaticGain(AudioFormat format, AutomaticGainOptions? options = null)
    {
        if (format.Channels == 0)
            throw new ArgumentException("The format has no channels.", nameof(format));
        Format = format;
        _options = options ?? new AutomaticGainOptions();
        _options.Check();
        _ceiling = (float)Math.Pow(10, _options.Ceiling / 20);
        _blockFrames = Math.Max(format.SampleRate / BlocksPerSecond, 1);
        _blockFloats = _blockFrames * format.Channels;
        _samples = new float[Blocks * _blockFloats];
        Reset();
    }

    /// <summary>The format of both sides.</summary>
    public AudioFormat Format { get; }

    /// <summary>How many frames the output is behind the input until <see cref="Flush"/> gives them: 5 ms.</summary>
    public int LatencyFrames => 2 * _blockFrames;

    /// <summary>The gain that the speech so far asks for, in dB, without what the limiter takes.</summary>
    public double Gain => _gain;

    /// <summary>
    /// Takes input and gives output, as much of both as goes: it returns when the input is used up or the output is full. Output
    /// frame n is input frame n, louder or quieter.
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
        if (input.Length % Format.Channels != 0)
            throw new ArgumentException("The input is not whole frames.", nameof(input));
        if (_ended)
            throw new InvalidOperationException("The stream has ended; call Reset to start another.");

        output = output[..(output.Length - output.Length % Format.Channels)];
        consumed = 0;
        produced = 0;
        int taken, given;
        do
        {
            taken = Take(input[consumed..]);
            given = Give(output[produced..]);
            consumed += taken;
            produced += given;
        }
        while (taken + given > 0);
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
        if (output.Length < Format.Channels)
            throw new ArgumentException("The output is smaller than one frame.", nameof(output));
        if (!_ended)
            _end = _filled;
        _ended = true;
        output = output[..(output.Length - output.Length % Format.Channels)];
        var produced = 0;
        while (produced < output.Length && _given < _end)
        {
            TakeSilence();
            produced += Give(output[produced..]);
        }

        return produced;
    }

    /// <summary>Forgets all input: the next sample is the first of a new stream, and the gain is 0 dB again.</summary>
    public void Reset()
    {
        _speech.Reset();
        _filled = _given = _shaped = 0;
        _end = long.MaxValue;
        _ended = false;
        _gain = 0;
        _limit = 1;
        _applied = 0;
        _levelEnergy = 0;
        _levelBlocks = 0;
    }

    private static float Linear(double decibels) => (float)Math.Pow(10, decibels / 20);

    private static Span<float> Part(Span<float> samples, long start, int count) =>
        samples.Slice((int)(start % samples.Length), count);

    // Takes what is left of one block, when none of that place is still to be given.
    private int Take(ReadOnlySpan<float> input)
    {
        var count = Math.Min(input.Length, RoomInBlock());
        if (count == 0)
            return 0;
        SampleCleaner.Copy(input[..count], Part(_samples, _filled, count));
        Fill(count);
        return count;
    }

    private void TakeSilence()
    {
        var count = RoomInBlock();
        if (count == 0)
            return;
        Part(_samples, _filled, count).Clear();
        Fill(count);
    }

    private int RoomInBlock() =>
        (int)Math.Min(_blockFloats - _filled % _blockFloats, _given + _samples.Length - _filled);

    private void Fill(int count)
    {
        _filled += count;
        if (_filled % _blockFloats == 0)
            Measure(_filled / _blockFloats - 1);
    }

    // A block that is whole moves the gain, and with its peak that of the block before it can be shaped.
    private void Measure(long block)
    {
        var energy = 0d;
        ref var peak = ref _peaks[block % Blocks];
        var samples = Part(_samples, block * _blockFloats, _blockFloats);
        SampleMeter.Measure(samples, _blockFloats, new Span<float>(ref peak), new Span<double>(ref energy));
        MoveGain(energy);
        if (block == 0)
            _applied = Border(peak, peak);
        else
            Shape(block - 1);
    }

    private void MoveGain(double energy)
    {
        _levelEnergy += energy;
        if (++_levelBlocks < BlocksPerLevel)
            return;
        if (_speech.Add(_levelEnergy / ((double)BlocksPerLevel * _blockFloats)))
        {
            var wanted = _options.TargetLevel - 10 * Math.Log10(_speech.Power);
            var step = Math.Clamp(wanted, _options.MinGain, _options.MaxGain) - _gain;
            _gain += Math.Clamp(step, -DownPerSecond / SpeechLevel.PerSecond, UpPerSecond / SpeechLevel.PerSecond);
        }

        _levelEnergy = 0;
        _levelBlocks = 0;
    }

    // The gain moves in a straight line from border to border. Neither end lets the peak of the block exceed the ceiling.
    private void Shape(long block)
    {
        var samples = Part(_samples, block * _blockFloats, _blockFloats);
        var from = _applied;
        _applied = Border(_peaks[block % Blocks], _peaks[(block + 1) % Blocks]);
        if (Format.Channels == 1)
            ScaleMono(samples, (float)from, (float)((_applied - from) / _blockFrames));
        else
            ScaleFrames(samples, (float)from, (float)((_applied - from) / _blockFrames));
        _shaped += _blockFloats;
    }

    private double Border(float peakBefore, float peakAfter)
    {
        double gain = Linear(_gain);
        var peak = Math.Max(peakBefore, peakAfter) * gain;
        _limit = Math.Min(_limit * _release, 1);
        if (peak * _limit > _ceiling)
            _limit = _ceiling / peak;
        return gain * _limit;
    }

    private void ScaleMono(Span<float> samples, float from, float step)
    {
        ref var first = ref MemoryMarshal.GetReference(samples);
        var ceiling = new Vector<float>(_ceiling);
        var i = 0;
        for (; i <= samples.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var scaled = Vector.LoadUnsafe(ref first, (nuint)i) * (Steps * step + new Vector<float>(from + step * i));
            Vector.Min(Vector.Max(scaled, -ceiling), ceiling).StoreUnsafe(ref first, (nuint)i);
        }

        for (; i < samples.Length; i++)
            samples[i] = Math.Clamp(samples[i] * (from + step * i), -_ceiling, _ceiling);
    }

    private static Vector<float> MakeSteps()
    {
        Span<float> steps = stackalloc float[Vector<float>.Count];
        for (var i = 0; i < steps.Length; i++)
            steps[i] = i;
        return new Vector<float>(steps);
    }

    private void ScaleFrames(Span<float> samples, float from, float step)
    {
        for (var frame = 0; frame < _blockFrames; frame++)
        {
            var gain = from + step * frame;
            foreach (ref var sample in samples.Slice(frame * Format.Channels, Format.Channels))
                sample = Math.Clamp(sample * gain, -_ceiling, _ceiling);
        }
    }

    private int Give(Span<float> output)
    {
        var ready = (int)Math.Min(Math.Min(_shaped, _end) - _given, output.Length);
        var start = (int)(_given % _samples.Length);
        var first = Math.Min(ready, _samples.Length - start);
        _samples.AsSpan(start, first).CopyTo(output);
        _samples.AsSpan(0, ready - first).CopyTo(output[first..]);
        _given += ready;
        return ready;
    }
}
