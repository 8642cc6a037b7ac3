namespace VoiceKit.Audio;

/// <summary>A reader that gives another reader's PCM at another sample rate (see <see cref="Resampler"/>).</summary>
internal sealed class ResamplingReader : IAudioReader
{
    private const int BlockFrames = 1024;

    private readonly IAudioReader _source;
    private readonly bool _leaveOpen;
    private readonly Resampler _resampler;
    private readonly float[] _block;
    private int _blockStart;
    private int _blockEnd;
    private bool _sourceEnded;
    private bool _disposed;

    /// <summary>Creates a reader over another.</summary>
    /// <param name="source">The reader to take PCM from; not read by anyone else from here on.</param>
    /// <param name="targetRate">The rate to give in Hz, 1…<see cref="AudioFormat.MaxSampleRate"/>.</param>
    /// <param name="leaveOpen">Whether <see cref="Dispose"/> leaves the source open.</param>
    /// <exception cref="ArgumentNullException">No source is given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The rate is out of its range or more than <see cref="Resampler.MaxRatio"/> times the source's, up or down.
    /// </exception>
    public ResamplingReader(IAudioReader source, int targetRate, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _leaveOpen = leaveOpen;
        _resampler = new Resampler(source.Format.SampleRate, targetRate, source.Format.Channels);
        _block = new float[BlockFrames * source.Format.Channels];
        Format = new AudioFormat(targetRate, source.Format.Channels);
    }

    /// <inheritdoc/>
    public AudioFormat Format { get; }

    /// <summary>
    /// The source's length at the target rate in frames (<see cref="Resampler.OutputFrames"/>); null while the source does
    /// not know its own.
    /// </summary>
    public long? FrameCount => _source.FrameCount is { } frames
        ? Resampler.OutputFrames(frames, _resampler.InputRate, _resampler.OutputRate)
        : null;

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The reader was disposed.</exception>
    public int Read(Span<float> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (buffer.Length < Format.Channels)
            throw new ArgumentException("The buffer is smaller than one frame.", nameof(buffer));

        while (Fill())
        {
            _resampler.Process(_block.AsSpan(_blockStart.._blockEnd), buffer, out int consumed, out int produced);
            _blockStart += consumed;
            if (produced > 0)
                return produced;
        }

        return _resampler.Flush(buffer);
    }

    /// <summary>Disposes the source too, unless it is to be left open.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (!_leaveOpen)
            _source.Dispose();
    }

    private bool Fill()
    {
        if (_blockStart < _blockEnd)
            return true;
        if (_sourceEnded)
            return false;
        _blockStart = 0;
        _blockEnd = _source.Read(_block);
        _sourceEnded = _blockEnd == 0;
        return !_sourceEnded;
    }
}
