using VoiceKit.Audio;
using VoiceKit.Containers;

namespace VoiceKit.Cli;

/// <summary>A stretch of a message's PCM.</summary>
internal sealed class AudioStretch : IAudioReader
{
    private readonly IAudioReader _source;
    private readonly long _start;
    private long _skip;
    private long _left;
    private long _framesRead;

    /// <summary>Goes to where the stretch begins.</summary>
    public AudioStretch(IAudioReader source, TimeSpan? from, TimeSpan? to)
    {
        _source = source;
        _start = FramesIn(from ?? TimeSpan.Zero);
        _left = to is { } end ? FramesIn(end) - _start : long.MaxValue;
        if (_start > 0 && source is OpusAudioReader { CanSeek: true } audio)
            audio.Seek(_start);
        else
            _skip = _start;
    }

    public AudioFormat Format => _source.Format;

    public long? FrameCount => null;

    public int Read(Span<float> buffer)
    {
        while (_skip > 0)
        {
            var skipped = ReadFrames(buffer, _skip);
            if (skipped == 0)
                throw InputException.EndsBefore(Format.DurationOf(_start - _skip), Format.DurationOf(_start));
            _skip -= skipped;
        }

        var frames = ReadFrames(buffer, _left);
        if (frames == 0 && _framesRead == 0 && _start > 0)
            throw InputException.EndsBefore(Format.DurationOf(_start), Format.DurationOf(_start));
        _left -= frames;
        _framesRead += frames;
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
