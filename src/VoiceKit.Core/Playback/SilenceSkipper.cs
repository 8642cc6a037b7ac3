using VoiceKit.Audio;

namespace VoiceKit.Playback;

/// <summary>
/// Shortens silence: of a quiet stretch of more than 400 ms the first and the last 75 ms are kept, the cut hidden by a crossfade
/// of 20 ms. Quiet is what stays below a level for blocks of 10 ms.
/// </summary>
internal sealed class SilenceSkipper
{
    private const int LongestKept = 400;
    private const int KeptEnd = 75;
    private const int Crossfade = 20;
    private const int BlockMilliseconds = 10;

    private readonly MessageSource _source;
    private readonly float _limit;
    private readonly int _channels;
    private readonly int _longest;
    private readonly int _keptEnd;
    private readonly int _fade;
    private readonly float[] _block;
    private readonly float[] _quiet;
    private readonly float[] _fadeOut;
    private readonly float[] _pending;
    private readonly PositionMarks _positions = new(64);
    private int _blockLength;
    private int _quietLength;
    private int _pendingStart;
    private int _pendingEnd;
    private bool _skips;
    private bool _sourceEnded;
    private long _appended;

    /// <param name="source">What is read.</param>
    /// <param name="threshold">The level in dBFS (of the RMS) below which it is quiet.</param>
    public SilenceSkipper(MessageSource source, double threshold)
    {
        _source = source;
        _limit = (float)Math.Pow(10, threshold / 10);
        _channels = source.Format.Channels;
        _longest = FloatsOf(LongestKept);
        _keptEnd = FloatsOf(KeptEnd);
        _fade = FloatsOf(Crossfade);
        _block = new float[FloatsOf(BlockMilliseconds)];
        _quiet = new float[_longest + _block.Length];
        _fadeOut = new float[_fade];
        _pending = new float[_quiet.Length + _block.Length];
    }

    /// <summary>Whether silence is shortened. Takes effect with what is read next.</summary>
    public bool IsEnabled { get; set; }

    /// <summary>The frame of the message that a frame read since the last seek is, or nearly is within a crossfade.</summary>
    public double PositionOf(long frame) => _positions.ValueAt(frame);

    /// <summary>Goes to a frame of the message.</summary>
    public void Seek(long frame, Func<bool> isStale)
    {
        _source.Seek(frame, isStale);
        _blockLength = _quietLength = _pendingStart = _pendingEnd = 0;
        _skips = _sourceEnded = false;
        _appended = 0;
        _positions.Restart(0, _source.Position, 1);
    }

    /// <summary>Reads the next frames.</summary>
    /// <returns>How many floats were written, whole frames; 0 only at the end.</returns>
    public int Read(Span<float> buffer)
    {
        while (_pendingStart == _pendingEnd)
        {
            _pendingStart = _pendingEnd = 0;
            if (!IsEnabled && _quietLength == 0 && _blockLength == 0)
                return CountAppended(_source.Read(buffer));
            if (!IsEnabled)
                Release();
            else if (FillBlock())
                TakeBlock();
            else if (_quietLength + _blockLength > 0)
                Release();
            else
                return 0;
        }

        var count = Math.Min(buffer.Length / _channels * _channels, _pendingEnd - _pendingStart);
        _pending.AsSpan(_pendingStart, count).CopyTo(buffer);
        _pendingStart += count;
        return count;
    }

    private int FloatsOf(int milliseconds) =>
        Math.Max(1, (int)((long)_source.Format.SampleRate * milliseconds / 1000)) * _channels;

    private int CountAppended(int count)
    {
        _appended += count;
        return count;
    }

    private bool FillBlock()
    {
        while (_blockLength < _block.Length && !_sourceEnded)
        {
            var count = _source.Read(_block.AsSpan(_blockLength));
            _sourceEnded = count == 0;
            _blockLength += count;
        }

        return _blockLength == _block.Length;
    }

    private void TakeBlock()
    {
        if (!IsQuiet(_block))
        {
            Release();
            return;
        }

        _block.CopyTo(_quiet.AsSpan(_quietLength));
        _quietLength += _blockLength;
        _blockLength = 0;
        if (!_skips && _quietLength > _longest)
            BeginSkipping();
        if (_skips)
            DropFromQuiet(_quietLength - _keptEnd - _fade);
    }

    private bool IsQuiet(ReadOnlySpan<float> samples)
    {
        var sum = 0f;
        foreach (var sample in samples)
            sum += sample * sample;
        return sum < _limit * samples.Length;
    }

    private void BeginSkipping()
    {
        _skips = true;
        Append(_quiet.AsSpan(0, _keptEnd - _fade));
        _quiet.AsSpan(_keptEnd - _fade, _fade).CopyTo(_fadeOut);
    }

    private void DropFromQuiet(int count)
    {
        _quiet.AsSpan(count, _quietLength - count).CopyTo(_quiet);
        _quietLength -= count;
    }

    // Ends the quiet stretch: gives what is kept of it, and the block behind it.
    private void Release()
    {
        if (_skips)
        {
            var frames = _fade / _channels;
            for (var i = 0; i < _fade; i++)
                _quiet[i] = float.Lerp(_fadeOut[i], _quiet[i], (i / _channels + 0.5f) / frames);
            var from = _source.Position - (_quietLength + _blockLength) / _channels;
            _positions.Add(_appended / _channels, from, 1);
            _skips = false;
        }

        Append(_quiet.AsSpan(0, _quietLength));
        Append(_block.AsSpan(0, _blockLength));
        _quietLength = _blockLength = 0;
    }

    private void Append(ReadOnlySpan<float> samples)
    {
        samples.CopyTo(_pending.AsSpan(_pendingEnd));
        _pendingEnd += samples.Length;
        _appended += samples.Length;
    }
}
