namespace VoiceKit.Audio;

/// <summary>What can be done with any <see cref="IAudioReader"/>.</summary>
public static class AudioReaderExtensions
{
    private const int ChunkSize = 8192;

    /// <summary>Copies all that is left of a reader into a WAV file, which is not completed.</summary>
    /// <param name="reader">The source.</param>
    /// <param name="writer">The WAV file, of the same format.</param>
    /// <param name="progress">Told how much was copied, from time to time.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">The formats differ.</exception>
    /// <exception cref="VoiceFormatException">The source's bytes are broken.</exception>
    /// <exception cref="IOException">The source or the file failed.</exception>
    public static void CopyTo(
        this IAudioReader reader, WavWriter writer, IProgress<TimeSpan>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(writer);
        if (reader.Format != writer.Format)
            throw new ArgumentException($"The reader gives {reader.Format}, the file takes {writer.Format}.", nameof(writer));

        var channels = reader.Format.Channels;
        var buffer = new float[Math.Max(1, ChunkSize / channels) * channels];
        long frames = 0;
        int count;
        while ((count = reader.Read(buffer)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            writer.Write(buffer.AsSpan(0, count));
            frames += count / channels;
            progress?.Report(reader.Format.DurationOf(frames));
        }
    }
}
