using VoiceKit.Audio;

namespace VoiceKit.FFmpeg;

/// <summary>
/// The sound of a reader from where it begins to where it ends, with silence at the end where that lies behind its samples. What
/// is left out at the start because the codec is known to need it, and not because the file tells so, is kept where it is sound.
/// </summary>
internal sealed class BoundedReader(IAudioReader inner, long skip, long? length, bool fillsUp) : IAudioReader
{
    // As much behind the start is listened to as is left out there, and so much at least.
    private const int LeastLook = 2048;

    // −26 dB, of the peaks.
    private const float SilentPart = 0.05f;

    private float[]? _start;
    private int _startAt;
    private int _startEnd;
    private long _given;

    public AudioFormat Format => inner.Format;

    public long? FrameCount { get; private set; }

    public int Read(Span<float> buffer)
    {
        var channels = Format.Channels;
        if (buffer.Length < channels)
            throw new ArgumentException($"The buffer must hold at least one frame ({channels} floats).", nameof(buffer));
        if (_start is null)
            Begin();
        var frames = (int)Math.Min(buffer.Length / channels, (length ?? long.MaxValue) - _given);
        if (frames == 0)
            return End();
        buffer = buffer[..(frames * channels)];
        var count = _startAt < _startEnd ? TakeStart(buffer) : inner.Read(buffer);
        if (count == 0 && (length is null || !fillsUp))
            return End();
        if (count == 0)
        {
            buffer.Clear();
            count = buffer.Length;
        }

        _given += count / channels;
        return count;
    }

    public void Dispose() => inner.Dispose();

    // Priming is silent next to what follows; where the file begins in the middle of sound, nothing is left out.
    private void Begin()
    {
        if (skip <= 0)
        {
            _start = [];
            return;
        }

        var channels = Format.Channels;
        var primed = (int)Math.Min(skip, 1 << 16) * channels;
        _start = new float[primed + Math.Max(primed, LeastLook * channels)];
        int count;
        while (_startEnd < _start.Length && (count = inner.Read(_start.AsSpan(_startEnd))) > 0)
            _startEnd += count;
        primed = Math.Min(primed, _startEnd);
        _startAt = PeakOf(_start.AsSpan(0, primed)) <= SilentPart * PeakOf(_start.AsSpan(primed, _startEnd - primed))
            ? primed
            : 0;
    }

    private static float PeakOf(ReadOnlySpan<float> samples)
    {
        var peak = 0f;
        foreach (var sample in samples)
            peak = Math.Max(peak, Math.Abs(sample));
        return peak;
    }

    private int TakeStart(Span<float> buffer)
    {
        var count = Math.Min(buffer.Length, _startEnd - _startAt);
        _start.AsSpan(_startAt, count).CopyTo(buffer);
        _startAt += count;
        return count;
    }

    private int End()
    {
        FrameCount = _given;
        return 0;
    }
}
