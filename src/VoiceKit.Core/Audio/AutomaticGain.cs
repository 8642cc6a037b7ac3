using System.Numerics;
using System.Runtime.InteropServices;

namespace VoiceKit.Audio;

/// <summary>
/// Brings speech slowly to one level, and limits peaks before they come, as a stream: as many frames come out as went in, 5 ms
/// later.
/// </summary>
/// <remarks>
/// <para><b>Gain.</b> It follows the level of the last three seconds of speech, by 6 dB a second up and 20 dB down, and only
/// while there is speech; in pauses it stands still, so that the noise in them is not pumped up. Noise alone leaves it where it
/// is. Speech is what stands out by 9 dB from the quietest 20 ms of the last two seconds, above −60 dBFS.</para>
/// <para><b>Limiter.</b> It sees 5 ms ahead, takes the gain down in 2.5 ms before a peak that would exceed the ceiling, and gives
/// it back by 40 dB a second. No sample ever exceeds the ceiling. All channels have one gain.</para>
/// <para>The same input gives the same output bit for bit, however it is cut into pieces. NaN counts as 0, and a magnitude above
/// 16 (+24 dBFS), infinity too, as 16. The constructor allocates everything. An instance is for one thread at a time.</para>
/// </remarks>
internal sealed class AutomaticGain : IAudioProcessor
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
        _ceiling = (float)Math.Pow(10, _options.Ceiling / 20);
        _blockFrames = Math.Max(format.SampleRate / BlocksPerSecond, 1);
        _blockFloats = _blockFrames * format.Channels;
        _samples = new float[Blocks * _blockFloats];
        Reset();
    }

    /// <summary>The format of both sides.</summary>
    public AudioFormat Format { get; }

    /// <summary>How many frames the output is behind the input: 5 ms.</summary>
    public int LatencyFrames => 2 * _blockFrames;

    /// <summary>The gain that the speech so far asks for, in dB, without what the limiter takes.</summary>
    public double Gain => _gain;

    /// <summary>
    /// Takes the next samples and gives those of 5 ms before in their place, louder or quieter; silence at the start.
    /// </summary>
    /// <param name="samples">Interleaved whole frames.</param>
    /// <exception cref="ArgumentException">The samples are not whole frames.</exception>
    public void Process(Span<float> samples)
    {
        if (samples.Length % Format.Channels != 0)
            throw new ArgumentException("The samples are not whole frames.", nameof(samples));
        while (!samples.IsEmpty)
        {
            // Within one block, so that input and output are each in one piece of the buffer.
            var piece = samples[..(int)Math.Min(samples.Length, _blockFloats - _filled % _blockFloats)];
            Exchange(piece);
            samples = samples[piece.Length..];
        }
    }

    /// <summary>Forgets all input: the next sample is the first of a new stream, and the gain is 0 dB again.</summary>
    public void Reset()
    {
        _speech.Reset();
        _filled = 0;
        _gain = 0;
        _limit = 1;
        _applied = 0;
        _levelEnergy = 0;
        _levelBlocks = 0;
    }

    private static float Linear(double decibels) => (float)Math.Pow(10, decibels / 20);

    private static Span<float> Part(Span<float> samples, long start, int count) =>
        samples.Slice((int)(start % samples.Length), count);

    // The place of what comes out is two blocks behind that of what goes in, and there are three.
    private void Exchange(Span<float> piece)
    {
        var given = _filled - 2 * _blockFloats;
        SampleCleaner.Copy(piece, Part(_samples, _filled, piece.Length));
        Fill(piece.Length);
        if (given < 0)
            piece.Clear();
        else
            Part(_samples, given, piece.Length).CopyTo(piece);
    }

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
}
