namespace VoiceKit.Audio;

/// <summary>
/// A reader that gives another reader's PCM without what is no sound: a NaN, infinity or a magnitude that no recording has is the
/// sample of its channel before. Encoders make silence of a frame with one of these in it, and a filter spreads it.
/// </summary>
/// <param name="source">The reader to take PCM from; stays open.</param>
internal sealed class SoundReader(IAudioReader source) : IAudioReader
{
    /// <summary>The greatest magnitude that is taken for sound: 48 dB above full scale.</summary>
    public const float MaxMagnitude = 256;

    private readonly float[] _last = new float[source.Format.Channels];

    /// <inheritdoc/>
    public AudioFormat Format => source.Format;

    /// <inheritdoc/>
    public long? FrameCount => source.FrameCount;

    /// <inheritdoc/>
    public int Read(Span<float> buffer)
    {
        var count = source.Read(buffer);
        var samples = buffer[..count];
        var at = 0;
        for (int next; (next = samples[at..].IndexOfAnyExceptInRange(-MaxMagnitude, MaxMagnitude)) >= 0; at++)
        {
            at += next;
            samples[at] = at < _last.Length ? _last[at] : samples[at - _last.Length];
        }

        if (count >= _last.Length)
            samples[^_last.Length..].CopyTo(_last);
        return count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
