namespace VoiceKit.Audio;

/// <summary>A forward-only source of PCM: a WAV file, a decoded voice message, a resampled reader.</summary>
public interface IAudioReader : IDisposable
{
    /// <summary>The format of the samples that <see cref="Read"/> gives; it never changes.</summary>
    AudioFormat Format { get; }

    /// <summary>The whole length in frames, or null while it is not known (a stream without an end in sight).</summary>
    long? FrameCount { get; }

    /// <summary>Reads the next samples, interleaved.</summary>
    /// <param name="buffer">Where to put them; holds at least one frame.</param>
    /// <returns>
    /// How many floats were written, a multiple of <see cref="AudioFormat.Channels"/>, perhaps fewer than the buffer holds;
    /// 0 only at the end.
    /// </returns>
    /// <exception cref="ArgumentException">The buffer is smaller than one frame.</exception>
    /// <exception cref="VoiceFormatException">The source's bytes are broken.</exception>
    /// <exception cref="IOException">The source could not be read.</exception>
    int Read(Span<float> buffer);
}
