using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Opus;

namespace VoiceKit.Playback;

/// <summary>
/// The PCM of a message in the format of an output, from any frame on. The frames are those of the output's rate, counted from
/// the start of the message; each has the same value however it was reached, but for what the codec has not converged on.
/// </summary>
internal sealed class MessageSource : IDisposable
{
    private const int BlockMilliseconds = 20;

    private readonly LoadedMessage _message;
    private readonly IOpusDecoderFactory _decoder;
    private readonly int _rate;
    private readonly int _channels;
    private readonly float[] _narrow;
    private readonly Resampler? _resampler;
    private readonly float[] _decoded = [];
    private readonly int _up = 1;
    private readonly int _down = 1;
    private readonly int _leadGroups;
    private OpusAudioReader _reader;
    private long _decodedFrames;
    private int _start;
    private int _end;
    private bool _readerEnded;
    private long? _reachedLength;

    /// <exception cref="VoiceFormatException">There is no Opus in it, or none that is played.</exception>
    public MessageSource(LoadedMessage message, IOpusDecoderFactory decoder, AudioFormat format)
    {
        _message = message;
        _decoder = decoder;
        Format = format;
        _rate = OpusRates.IsSupported(format.SampleRate) ? format.SampleRate : OpusRates.Full;
        _channels = Math.Min(2, format.Channels);
        _narrow = new float[Math.Max(1, format.SampleRate * BlockMilliseconds / 1000) * _channels];
        if (_rate != format.SampleRate)
        {
            _resampler = new Resampler(_rate, format.SampleRate, _channels);
            _decoded = new float[_rate * BlockMilliseconds / 1000 * _channels];
            var divisor = GreatestCommonDivisor(_rate, format.SampleRate);
            _up = format.SampleRate / divisor;
            _down = _rate / divisor;
            // What an output frame depends on: the span of the filter, in groups of input frames.
            var span = (Resampler.SpanOf(_rate, format.SampleRate) + _down - 1) / _down;
            _leadGroups = span;
        }

        _reader = OpenReader();
    }

    /// <summary>The format of the samples.</summary>
    public AudioFormat Format { get; }

    /// <summary>The frame that comes next.</summary>
    public long Position { get; private set; }

    /// <summary>The length in frames; null while a message grows and its end was not reached.</summary>
    public long? Length => _reachedLength ?? LengthOf(_message.Samples);

    /// <summary>Reads the next frames.</summary>
    /// <returns>How many floats were written, whole frames; 0 only at the end.</returns>
    public int Read(Span<float> buffer)
    {
        int frames;
        if (_channels == Format.Channels)
        {
            frames = ReadFrames(buffer) / _channels;
        }
        else
        {
            var wanted = Math.Min(buffer.Length / Format.Channels, _narrow.Length / _channels);
            frames = ReadFrames(_narrow.AsSpan(0, wanted * _channels)) / _channels;
            Spread(frames, buffer);
        }

        Position += frames;
        if (frames == 0 && !_message.IsUnwanted())
            _reachedLength = Position;
        return frames * Format.Channels;
    }

    /// <summary>Goes to a frame; beyond the end stands for the end.</summary>
    /// <param name="frame">The frame, 0 or more.</param>
    /// <param name="isStale">Tells whether the result is wanted no more; the position is anywhere then.</param>
    public void Seek(long frame, Func<bool> isStale)
    {
        if (frame == Position && !_readerEnded)
            return;
        _resampler?.Reset();
        _start = _end = 0;

        // Where frames of input and output coincide the filter is in the phase that it has there when it comes from the start,
        // and once its span has passed it gives the same.
        var group = _resampler is null ? frame : Math.Max(0, frame / _up - _leadGroups);
        GoTo(group * _down, isStale);
        Position = _decodedFrames / _down * _up;
        while (Position < frame && !isStale())
        {
            var room = (int)Math.Min(_narrow.Length, (frame - Position) * _channels);
            var count = ReadFrames(_narrow.AsSpan(0, room));
            if (count == 0)
                return;
            Position += count / _channels;
        }
    }

    public void Dispose() => _reader.Dispose();

    private static int GreatestCommonDivisor(int a, int b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }

    private long? LengthOf(long? samples)
    {
        if (samples is not { } whole)
            return null;
        var frames = LengthAtRate(whole);
        return _resampler is null ? frames : Resampler.OutputFrames(frames, _rate, Format.SampleRate);
    }

    private long LengthAtRate(long samples)
    {
        var factor = OpusRates.Full / _rate;
        return (samples + factor - 1) / factor;
    }

    private OpusAudioReader OpenReader() => new(_message.OpenPackets(), _decoder, _rate, _channels) { SoftClips = true };

    private void Reopen()
    {
        _reader.Dispose();
        _reader = OpenReader();
        _decodedFrames = 0;
        _readerEnded = false;
        _reachedLength = null;
    }

    private void GoTo(long frame, Func<bool> isStale)
    {
        if (_message.Samples is { } samples && _reader.CanSeek)
        {
            _reader.Seek(frame);
            _decodedFrames = Math.Min(frame, LengthAtRate(samples));
            _readerEnded = false;
            return;
        }

        if (frame < _decodedFrames || _readerEnded)
            Reopen();
        while (_decodedFrames < frame && !isStale())
        {
            var room = (int)Math.Min(_narrow.Length / _channels, frame - _decodedFrames) * _channels;
            if (Decode(_narrow.AsSpan(0, room)) == 0)
                return;
        }
    }

    private int Decode(Span<float> buffer)
    {
        var count = _reader.Read(buffer);
        _decodedFrames += count / _channels;
        _readerEnded = count == 0;
        return count;
    }

    private int ReadFrames(Span<float> buffer) => _resampler is null ? Decode(buffer) : Resample(_resampler, buffer);

    private int Resample(Resampler resampler, Span<float> buffer)
    {
        while (true)
        {
            if (_start == _end && !_readerEnded)
                (_start, _end) = (0, Decode(_decoded));
            if (_readerEnded)
                return resampler.Flush(buffer);
            resampler.Process(_decoded.AsSpan(_start, _end - _start), buffer, out var consumed, out var produced);
            _start += consumed;
            if (produced > 0)
                return produced;
        }
    }

    // Speakers come in the order of WAV: front left, front right, and then those that a voice has nothing for.
    private void Spread(int frames, Span<float> buffer)
    {
        var to = buffer[..(frames * Format.Channels)];
        to.Clear();
        for (var frame = 0; frame < frames; frame++)
            _narrow.AsSpan(frame * _channels, _channels).CopyTo(to[(frame * Format.Channels)..]);
    }
}
