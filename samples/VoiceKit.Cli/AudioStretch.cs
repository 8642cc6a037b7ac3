using VoiceKit.Audio;
using VoiceKit.Containers;

namespace VoiceKit.Cli;

/// <summary>A stretch of a message's PCM.</summary>
internal sealed class AudioStretch : IAudioReader
{
    private readonly OpusAudioReader _source;
    private long _skip;
    private long _left;

    /// <summary>Goes to where the stretch begins.</summary>
    public AudioStretch(OpusAudioReader source, TimeSpan? from, TimeSpan? to)
    {
        _source = source;
        var start = FramesIn(from ?? TimeSpan.Zero);
        _left = to is { } end ? FramesIn(end) - start : long.MaxValue;
        if (start > 0 && source.CanSeek)
            source.Seek(start);
        else
            _skip = start;
    }

    public AudioFormat Format => _source.Format;

    public long? FrameCount => null;

    public int Read(Span<float> buffer)
    {
        while (_skip > 0)
        {
            var skipped = ReadFrames(buffer, _skip);
            if (skipped == 0)
                return 0;
            _skip -= skipped;
        }

        var frames = ReadFrames(buffer, _left);
        _left -= frames;
        return frames * Format.Channels;
    }

    public void Dispose() => _source.Dispose();

    private int ReadFrames(Span<float> buffer, long most)
    {
        if (most == 0)
            return 0;
        var frames = (int)Math.Min(most, buffer.Length / Format.Channels);
        return _source.Read(buffer[..(frames * Format.Channels)]) / Format.Channels;
    }

    private long FramesIn(TimeSpan time) => (long)Math.Round(time.TotalSeconds * Format.SampleRate);
}
