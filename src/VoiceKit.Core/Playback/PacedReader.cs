using VoiceKit.Audio;

namespace VoiceKit.Playback;

/// <summary>A message at a speed.</summary>
internal sealed class PacedReader(SilenceSkipper source, AudioFormat format, int blockFrames)
{
    private readonly TimeStretcher _stretcher = new(format);
    private readonly float[] _input = new float[blockFrames * format.Channels];
    private int _start;
    private int _end;

    /// <summary>How much faster than it was spoken. Takes effect with what is read next.</summary>
    public double Speed
    {
        set => _stretcher.Speed = value;
    }

    /// <summary>The frame of the message that the next frame stands for.</summary>
    public double Position
    {
        get
        {
            var at = _stretcher.InputPosition;
            var whole = (long)at;
            return source.PositionOf(whole) + (at - whole);
        }
    }

    /// <summary>Goes to a frame of the message.</summary>
    public void Seek(long frame, Func<bool> isStale)
    {
        source.Seek(frame, isStale);
        _stretcher.Reset();
        _start = _end = 0;
    }

    /// <summary>Reads the next frames.</summary>
    /// <returns>How many floats were written, whole frames; 0 only at the end.</returns>
    public int Read(Span<float> buffer)
    {
        while (true)
        {
            if (_start == _end)
                (_start, _end) = (0, source.Read(_input));
            if (_end == 0)
                return _stretcher.Flush(buffer);
            _stretcher.Process(_input.AsSpan(_start, _end - _start), buffer, out var consumed, out var produced);
            _start += consumed;
            if (produced > 0)
                return produced;
        }
    }
}
