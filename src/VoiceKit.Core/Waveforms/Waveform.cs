using System.Buffers;
using VoiceKit.Audio;

namespace VoiceKit.Waveforms;

/// <summary>The bars of a voice message: a peak and an RMS for each of a number of equal stretches of time.</summary>
/// <remarks>Immutable, so it may be used from any number of threads.</remarks>
public sealed partial class Waveform
{
    /// <summary>The highest number of bars.</summary>
    public const int MaxCount = 65_536;

    private readonly float[] _peaks;
    private readonly float[] _rms;

    // Levels that a sender has scaled already say nothing of how loud the audio is.
    private readonly bool _isScaled;

    /// <summary>Creates a waveform from levels that are known already.</summary>
    /// <param name="peaks">The peak of each bar, linear, 0 or more; 1…<see cref="MaxCount"/> of them.</param>
    /// <param name="rms">The RMS of each bar, linear, 0 or more; as many as peaks.</param>
    /// <param name="peak">The peak of the whole audio, linear, 0 or more.</param>
    /// <param name="duration">The length of the audio, 0 or more.</param>
    /// <exception cref="ArgumentException">
    /// The numbers of bars differ, or are 0 or too many; or a level is not finite.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A level is negative, or the duration is.</exception>
    public Waveform(ReadOnlySpan<float> peaks, ReadOnlySpan<float> rms, float peak, TimeSpan duration)
    {
        if (peaks.Length is 0 or > MaxCount)
            throw new ArgumentException($"A waveform has 1 to {MaxCount} bars.", nameof(peaks));
        if (rms.Length != peaks.Length)
            throw new ArgumentException("There must be as many RMS values as peaks.", nameof(rms));
        foreach (var level in peaks)
            CheckLevel(level, nameof(peaks));
        foreach (var level in rms)
            CheckLevel(level, nameof(rms));
        CheckLevel(peak, nameof(peak));
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        _peaks = peaks.ToArray();
        _rms = rms.ToArray();
        Peak = peak;
        Duration = duration;
    }

    private Waveform(float[] peaks, float[] rms, float peak, TimeSpan duration, bool isScaled)
    {
        _isScaled = isScaled;
        _peaks = peaks;
        _rms = rms;
        Peak = peak;
        Duration = duration;
    }

    /// <summary>The number of bars, 1…<see cref="MaxCount"/>.</summary>
    public int Count => _peaks.Length;

    /// <summary>The greatest magnitude in each bar over all channels: linear, 1 is full scale; never NaN or infinite.</summary>
    public ReadOnlySpan<float> Peaks => _peaks;

    /// <summary>The root mean square of each bar over the samples of all channels: linear; never NaN or infinite.</summary>
    public ReadOnlySpan<float> Rms => _rms;

    /// <summary>The greatest magnitude of the whole audio: linear, 1 is full scale.</summary>
    public float Peak { get; }

    /// <summary>The length of the audio; each bar stands for an equal part of it.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Reads all the audio that a reader has left, in constant memory.</summary>
    /// <param name="reader">The source; it is read to its end and not disposed.</param>
    /// <param name="bars">The number of bars, 1…<see cref="MaxCount"/>.</param>
    /// <param name="progress">Told how much was read, from time to time.</param>
    /// <param name="cancellationToken">Stops the reading between two buffers.</param>
    /// <exception cref="ArgumentNullException">The reader is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of bars is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="VoiceFormatException">The source's bytes are broken.</exception>
    /// <exception cref="IOException">The source could not be read.</exception>
    public static Waveform FromAudio(
        IAudioReader reader, int bars, IProgress<TimeSpan>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        CheckCount(bars, nameof(bars));
        var builder = new WaveformBuilder(reader.Format);
        var buffer = ArrayPool<float>.Shared.Rent(8192);
        try
        {
            int read;
            do
            {
                cancellationToken.ThrowIfCancellationRequested();
                read = reader.Read(buffer);
                builder.Add(buffer.AsSpan(0, read));
                progress?.Report(builder.Duration);
            }
            while (read > 0);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }

        return builder.Build(bars);
    }

    /// <summary>Makes a waveform of one level for each bar, as chat platforms send it: peak and RMS alike.</summary>
    /// <remarks>Draw it with <see cref="WaveformScale.Linear"/>: the sender has scaled it already.</remarks>
    /// <param name="levels">The height of each bar, 0 or more, 1 for the full height; 1…<see cref="MaxCount"/> of them.</param>
    /// <param name="duration">The length of the audio, 0 or more; zero when it is not known.</param>
    /// <exception cref="ArgumentException">There are no levels or too many, or one is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A level is negative, or the duration is.</exception>
    public static Waveform FromLevels(ReadOnlySpan<float> levels, TimeSpan duration = default) =>
        new Waveform(levels, levels, Highest(levels), duration).AsScaled();

    /// <summary>Cuts these bars into another number of bars, more or fewer.</summary>
    /// <remarks>
    /// A new bar has the highest peak of the bars that it overlaps, and their mean square weighted by overlap. When the new
    /// number divides <see cref="Count"/>, that is the same as bars cut from the audio, but for the rounding of a float.
    /// </remarks>
    /// <param name="bars">The new number of bars, 1…<see cref="MaxCount"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of bars is out of its range.</exception>
    public Waveform Resample(int bars)
    {
        CheckCount(bars, nameof(bars));
        var peaks = new float[bars];
        var rms = new float[bars];
        var cutter = new BarCutter(peaks, rms, Count, channels: 1);
        for (var i = 0; i < Count; i++)
            cutter.Add(1, _peaks[i], (double)_rms[i] * _rms[i]);
        return new Waveform(peaks, rms, Peak, Duration, _isScaled);
    }

    /// <summary>Makes a waveform of two arrays that nobody else keeps.</summary>
    internal static Waveform Own(float[] peaks, float[] rms, TimeSpan duration) =>
        new(peaks, rms, Highest(peaks), duration, isScaled: false);

    /// <summary>Throws unless a number of bars is in 1…<see cref="MaxCount"/>.</summary>
    internal static void CheckCount(int bars, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bars, 1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bars, MaxCount, name);
    }

    /// <summary>These bars if they are as many, or cut into that many.</summary>
    internal Waveform WithCount(int bars) => bars == Count ? this : Resample(bars);

    /// <summary>
    /// The RMS of each bar over the highest of them, which counts as −35 dBFS at least, so that a silent room has low bars; all 0
    /// for silence.
    /// </summary>
    internal float[] NormalizedRms()
    {
        var highest = _isScaled ? Highest(_rms) : Math.Max(LoudestRms(), (float)LeastReference);
        return highest > 0 ? Array.ConvertAll(_rms, rms => Math.Min(1, rms / highest)) : new float[Count];
    }

    private Waveform AsScaled() => new(_peaks, _rms, Peak, Duration, isScaled: true);

    // A bar with a sample that no recording has, infinity for one, is no measure for the others.
    private float LoudestRms()
    {
        var highest = 0f;
        for (var i = 0; i < Count; i++)
            highest = _peaks[i] < SampleMeter.MaxMagnitude ? Math.Max(highest, _rms[i]) : highest;
        return highest > 0 ? highest : Highest(_rms);
    }

    private static void CheckLevel(float level, string name)
    {
        if (!float.IsFinite(level))
            throw new ArgumentException("A level must be a finite number.", name);
        ArgumentOutOfRangeException.ThrowIfNegative(level, name);
    }

    private static float Highest(ReadOnlySpan<float> levels)
    {
        var highest = 0f;
        foreach (var level in levels)
            highest = Math.Max(highest, level);
        return highest;
    }
}
