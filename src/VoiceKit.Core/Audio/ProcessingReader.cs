namespace VoiceKit.Audio;

/// <summary>Gives another reader's PCM as processors change it. What they hold back is made up for: the length stays.</summary>
internal sealed class ProcessingReader : IAudioReader
{
    private readonly IAudioReader _source;
    private readonly bool _leaveOpen;
    private readonly ProcessorChain _chain;
    private float[] _rest = [];
    private int _restStart;
    private int _restLength;
    private bool _hasEnded;

    /// <summary>Creates a reader over another.</summary>
    /// <param name="source">The reader to take PCM from; not read by anyone else from here on.</param>
    /// <param name="processors">Make one processor each, for the source's format.</param>
    /// <param name="leaveOpen">Whether <see cref="Dispose"/> leaves the source open.</param>
    public ProcessingReader(
        IAudioReader source, IEnumerable<Func<AudioFormat, IAudioProcessor>> processors, bool leaveOpen = false)
    {
        _source = source;
        _leaveOpen = leaveOpen;
        _chain = new ProcessorChain(source.Format, processors);
    }

    /// <inheritdoc/>
    public AudioFormat Format => _source.Format;

    /// <inheritdoc/>
    public long? FrameCount => _source.FrameCount;

    /// <inheritdoc/>
    public int Read(Span<float> buffer)
    {
        if (buffer.Length < Format.Channels)
            throw new ArgumentException("The buffer is smaller than one frame.", nameof(buffer));
        buffer = buffer[..(buffer.Length - buffer.Length % Format.Channels)];
        while (!_hasEnded)
        {
            var count = _source.Read(buffer);
            _hasEnded = count == 0;
            var output = _chain.Process(buffer[..count]);
            if (output.IsEmpty)
                continue;
            output.CopyTo(buffer);
            return output.Length;
        }

        return ReadRest(buffer);
    }

    /// <summary>Disposes the source too, unless it is to be left open.</summary>
    public void Dispose()
    {
        if (!_leaveOpen)
            _source.Dispose();
    }

    private int ReadRest(Span<float> buffer)
    {
        while (_restStart == _restLength && !_chain.IsDrained)
            KeepRest(_chain.Drain());
        var count = Math.Min(buffer.Length, _restLength - _restStart);
        _rest.AsSpan(_restStart, count).CopyTo(buffer);
        _restStart += count;
        return count;
    }

    private void KeepRest(ReadOnlySpan<float> rest)
    {
        if (_rest.Length < rest.Length)
            _rest = new float[rest.Length];
        rest.CopyTo(_rest);
        (_restStart, _restLength) = (0, rest.Length);
    }
}
