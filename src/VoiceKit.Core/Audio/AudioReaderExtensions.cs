namespace VoiceKit.Audio;

/// <summary>What can be done with any <see cref="IAudioReader"/>.</summary>
public static class AudioReaderExtensions
{
    private const int ChunkSize = 8192;

    /// <summary>Gives what a reader reads at another rate and with other channels.</summary>
    /// <remarks>Stereo becomes mono as the mean, mono becomes stereo twice; more than two channels are mixed as films do.</remarks>
    /// <param name="reader">The source.</param>
    /// <param name="format">What is wanted.</param>
    /// <param name="leaveOpen">Whether the source stays open when what is returned is disposed.</param>
    /// <returns>The source itself where it has that format and need not stay open.</returns>
    public static IAudioReader ToFormat(this IAudioReader reader, AudioFormat format, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (reader.Format == format && !leaveOpen)
            return reader;

        // Fewer channels are mixed before the rate is converted and more after it, so that the costly step has the fewest.
        var channels = Math.Min(reader.Format.Channels, format.Channels);
        IAudioReader mixed = SurroundMixingReader.Takes(reader.Format.Channels, channels)
            ? new SurroundMixingReader(reader, channels, leaveOpen)
            : new ChannelMixingReader(reader, channels, leaveOpen);
        var resampled = mixed.Format.SampleRate == format.SampleRate ? mixed : new ResamplingReader(mixed, format.SampleRate);
        return channels == format.Channels ? resampled : new ChannelMixingReader(resampled, format.Channels);
    }

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
