using VoiceKit.IO;

namespace VoiceKit.Audio;

/// <summary>Opens files of PCM by their content, whatever their name, and converts and copies what any reader reads.</summary>
public static class AudioFiles
{
    private const int ChunkSize = 8192;

    /// <summary>Opens a WAV or AIFF stream, from where the stream stands.</summary>
    /// <param name="stream">The stream; it need not seek.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed, or when it is refused.</param>
    /// <exception cref="ArgumentException">The stream cannot be read.</exception>
    /// <exception cref="VoiceFormatException">
    /// The file is neither WAV nor AIFF, and the exception names what it is; or it is damaged.
    /// </exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static IAudioReader Open(Stream stream, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead)
            throw new ArgumentException("The stream cannot be read.", nameof(stream));
        try
        {
            var start = new byte[MediaNames.Length];
            var (whole, count) = Complete(PrefixStream.Peek(stream, start, leaveOpen, isAsync: false, CancellationToken.None));
            var head = start.AsSpan(0, count);
            if (IsAiff(head))
                return new AiffReader(whole, leaveOpen);
            if (IsWav(head))
                return new WavReader(whole, leaveOpen);
            throw new VoiceFormatException(MediaNames.Identify(head) is { } name
                ? $"This is neither WAV nor AIFF: it is {name}."
                : "This is neither WAV nor AIFF, and its first bytes tell no other format.", 0);
        }
        catch when (!leaveOpen)
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Opens a WAV or AIFF file.</summary>
    /// <param name="path">The file's path.</param>
    /// <exception cref="VoiceFormatException">
    /// The file is neither WAV nor AIFF, and the exception names what it is; or it is damaged.
    /// </exception>
    /// <exception cref="IOException">The file could not be opened or read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static IAudioReader Open(string path) =>
        Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan));

    /// <summary>Gives what a reader reads at another rate and with other channels.</summary>
    /// <remarks>
    /// Stereo becomes mono as the mean, mono becomes stereo twice; more than two channels are mixed as films do.
    /// </remarks>
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
        this IAudioReader reader,
        WavWriter writer,
        IProgress<TimeSpan>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(writer);
        if (reader.Format != writer.Format)
            throw new ArgumentException($"The reader gives {reader.Format}, the file takes {writer.Format}.", nameof(writer));

        var before = writer.FramesWritten;
        var channels = reader.Format.Channels;
        var encoded = reader is IWavSource source && source.TryEncode(writer.SampleFormat) ? source : null;
        var buffer = new float[encoded is null ? Math.Max(1, ChunkSize / channels) * channels : 0];
        while (encoded is null ? CopySome(reader, writer, buffer) : CopySome(encoded, writer))
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(reader.Format.DurationOf(writer.FramesWritten - before));
        }
    }

    private static bool CopySome(IAudioReader reader, WavWriter writer, float[] buffer)
    {
        var count = reader.Read(buffer);
        writer.Write(buffer.AsSpan(0, count));
        return count > 0;
    }

    private static bool CopySome(IWavSource source, WavWriter writer)
    {
        var samples = source.ReadEncoded();
        writer.WriteEncoded(samples);
        return !samples.IsEmpty;
    }

    /// <summary>Whether <see cref="Open(Stream, bool)"/> reads what begins like this.</summary>
    internal static bool IsKnown(ReadOnlySpan<byte> start) => IsWav(start) || IsAiff(start);

    private static bool IsWav(ReadOnlySpan<byte> start) =>
        start.Length >= MediaNames.Length && start[8..].StartsWith("WAVE"u8)
        && (start.StartsWith("RIFF"u8) || start.StartsWith("RIFX"u8) || start.StartsWith("RF64"u8) || start.StartsWith("BW64"u8));

    private static bool IsAiff(ReadOnlySpan<byte> start) =>
        start.Length >= MediaNames.Length && start.StartsWith("FORM"u8)
        && (start[8..].StartsWith("AIFF"u8) || start[8..].StartsWith("AIFC"u8));

    // Where nothing is asynchronous, the task is complete.
    private static (Stream Stream, int Count) Complete(ValueTask<(Stream Stream, int Count)> peek) =>
        peek.IsCompleted ? peek.GetAwaiter().GetResult() : peek.AsTask().GetAwaiter().GetResult();
}
