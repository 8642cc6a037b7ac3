namespace VoiceKit.Audio;

/// <summary>A stretch of another reader's PCM.</summary>
internal sealed class AudioRangeReader : IAudioReader
{
    private const int SkipSize = 4096;

    private readonly IAudioReader _source;
    private readonly long _start;
    private readonly long _end;
    private long _position;

    /// <summary>Creates a reader over another, which is disposed with it.</summary>
    /// <param name="source">The reader to take PCM from.</param>
    /// <param name="start">The first frame to give.</param>
    /// <param name="end">The frame behind the last one; <see cref="long.MaxValue"/> for the source's end.</param>
    public AudioRangeReader(IAudioReader source, long start, long end)
    {
        _source = source;
        _start = start;
        _end = end;
    }

    /// <inheritdoc/>
    public AudioFormat Format => _source.Format;

    /// <summary>The length of the stretch in frames, null where the source does not know its own.</summary>
    public long? FrameCount => _source.FrameCount is { } frames ? Math.Max(0, Math.Min(frames, _end) - _start) : null;

    /// <summary>Whether the source has something behind the stretch. Reads on, so it is asked at the end.</summary>
    public bool HasMore()
    {
        Span<float> frame = stackalloc float[Format.Channels];
        return _position >= _end && _source.Read(frame) > 0;
    }

    /// <inheritdoc/>
    public int Read(Span<float> buffer)
    {
        var channels = Format.Channels;
        if (buffer.Length < channels)
            throw new ArgumentException("The buffer is smaller than one frame.", nameof(buffer));
        if (_position < _start && !Skip())
            return 0;
        var frames = (int)Math.Min(buffer.Length / channels, _end - _position);
        if (frames <= 0)
            return 0;
        var count = _source.Read(buffer[..(frames * channels)]);
        _position += count / channels;
        return count;
    }

    public void Dispose() => _source.Dispose();

    private bool Skip()
    {
        var channels = Format.Channels;
        var block = new float[Math.Max(1, SkipSize / channels) * channels];
        while (_position < _start)
        {
            var frames = (int)Math.Min(block.Length / channels, _start - _position);
            var count = _source.Read(block.AsSpan(0, frames * channels));
            if (count == 0)
                return false;
            _position += count / channels;
        }

        return true;
    }
}
