namespace VoiceKit.Audio;

/// <summary>PCM in memory as a reader.</summary>
internal sealed class PcmReader : IAudioReader
{
    private readonly ReadOnlyMemory<float> _samples;
    private int _position;

    /// <summary>Wraps samples, which must not change while they are read.</summary>
    /// <param name="samples">Interleaved floats, whole frames.</param>
    /// <param name="format">Their format.</param>
    /// <exception cref="ArgumentException">The last frame is not whole.</exception>
    public PcmReader(ReadOnlyMemory<float> samples, AudioFormat format)
    {
        if (samples.Length % format.Channels != 0)
            throw new ArgumentException("The last frame is not whole.", nameof(samples));
        _samples = samples;
        Format = format;
    }

    /// <inheritdoc/>
    public AudioFormat Format { get; }

    /// <inheritdoc/>
    public long? FrameCount => _samples.Length / Format.Channels;

    /// <inheritdoc/>
    public int Read(Span<float> buffer)
    {
        if (buffer.Length < Format.Channels)
            throw new ArgumentException("The buffer holds no frame.", nameof(buffer));
        var count = Math.Min(buffer.Length - buffer.Length % Format.Channels, _samples.Length - _position);
        _samples.Span.Slice(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    /// <summary>Does nothing.</summary>
    public void Dispose()
    {
    }
}
