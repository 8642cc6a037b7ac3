using VoiceKit.Audio;

namespace VoiceKit.FFmpeg;

/// <summary>
/// The sound of a reader from where it begins to where it ends, with silence at the end where that lies behind its samples.
/// </summary>
internal sealed class BoundedReader(IAudioReader inner, long skip, long? length, bool fillsUp) : IAudioReader
{
    private long _skip = skip;
    private long _given;

    public AudioFormat Format => inner.Format;

    public long? FrameCount { get; private set; }

    public int Read(Span<float> buffer)
    {
        var channels = Format.Channels;
        if (buffer.Length < channels)
            throw new ArgumentException($"The buffer must hold at least one frame ({channels} floats).", nameof(buffer));
        while (_skip > 0)
        {
            var skipped = inner.Read(buffer[..(int)Math.Min(buffer.Length, _skip * channels)]) / channels;
            if (skipped == 0)
                return End();
            _skip -= skipped;
        }

        var frames = (int)Math.Min(buffer.Length / channels, (length ?? long.MaxValue) - _given);
        if (frames == 0)
            return End();
        buffer = buffer[..(frames * channels)];
        var count = inner.Read(buffer);
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

    private int End()
    {
        FrameCount = _given;
        return 0;
    }
}
