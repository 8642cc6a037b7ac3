namespace VoiceKit.Audio;

/// <summary>
/// A reader that gives another reader's PCM with another number of channels (see <see cref="ChannelMixer.Mix"/>). Where the two
/// channels of stereo are opposite to one another, their sum would be silence: mono is the louder one of them, as long as that is
/// so.
/// </summary>
internal sealed class ChannelMixingReader : IAudioReader
{
    private const int BlockFrames = 1024;

    private readonly IAudioReader _source;
    private readonly bool _leaveOpen;
    private readonly float[] _block;
    private readonly OppositeChannels? _opposite;
    private bool _disposed;

    /// <summary>Creates a reader over another.</summary>
    /// <param name="source">The reader to take PCM from; not read by anyone else from here on.</param>
    /// <param name="channels">The channels to give: 1, 2, or as many as the source has.</param>
    /// <param name="leaveOpen">Whether <see cref="Dispose"/> leaves the source open.</param>
    /// <exception cref="ArgumentNullException">No source is given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of channels is none of those.</exception>
    public ChannelMixingReader(IAudioReader source, int channels, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(source);
        ChannelMixer.CheckChannels(source.Format.Channels, channels);
        _source = source;
        _leaveOpen = leaveOpen;
        _block = channels == source.Format.Channels ? [] : new float[BlockFrames * source.Format.Channels];
        Format = new AudioFormat(source.Format.SampleRate, channels);
        _opposite = source.Format.Channels == 2 && channels == 1 ? new OppositeChannels(Format.SampleRate) : null;
    }

    /// <summary>
    /// Whether channels were found so far that are opposite to one another, as of a microphone with a crossed wire.
    /// </summary>
    public bool FoundOppositeChannels => _opposite?.Found ?? false;

    /// <inheritdoc/>
    public AudioFormat Format { get; }

    /// <inheritdoc/>
    public long? FrameCount => _source.FrameCount;

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The reader was disposed.</exception>
    public int Read(Span<float> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (buffer.Length < Format.Channels)
            throw new ArgumentException("The buffer is smaller than one frame.", nameof(buffer));

        int channels = _source.Format.Channels;
        if (channels == Format.Channels)
            return _source.Read(buffer);
        int wanted = Math.Min(BlockFrames, buffer.Length / Format.Channels);
        int read = _source.Read(_block.AsSpan(0, wanted * channels));
        ChannelMixer.Mix(_block.AsSpan(0, read), channels, buffer, Format.Channels);
        _opposite?.Process(_block.AsSpan(0, read), buffer);
        return read / channels * Format.Channels;
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
}
