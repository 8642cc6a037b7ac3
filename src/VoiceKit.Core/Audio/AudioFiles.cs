using VoiceKit.IO;

namespace VoiceKit.Audio;

/// <summary>Opens files of PCM: the content decides, not the name.</summary>
public static class AudioFiles
{
    /// <summary>Opens a WAV or AIFF stream, from where the stream stands.</summary>
    /// <param name="stream">The stream; it need not seek.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed, or when it is refused.</param>
    /// <exception cref="ArgumentException">The stream cannot be read.</exception>
    /// <exception cref="VoiceFormatException">It is neither, and the message names what it is; or it is a broken one.</exception>
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
    /// <exception cref="VoiceFormatException">It is neither, and the message names what it is; or it is a broken one.</exception>
    /// <exception cref="IOException">The file could not be opened or read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static IAudioReader Open(string path) =>
        Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan));

    /// <summary>Whether <see cref="Open(Stream, bool)"/> reads what begins like this.</summary>
    internal static bool IsKnown(ReadOnlySpan<byte> start) => IsWav(start) || IsAiff(start);

    private static bool IsWav(ReadOnlySpan<byte> start) =>
        start.Length >= MediaNames.Length && start[8..].StartsWith("WAVE"u8)
        && (start.StartsWith("RIFF"u8) || start.StartsWith("RF64"u8) || start.StartsWith("BW64"u8));

    private static bool IsAiff(ReadOnlySpan<byte> start) =>
        start.Length >= MediaNames.Length && start.StartsWith("FORM"u8)
        && (start[8..].StartsWith("AIFF"u8) || start[8..].StartsWith("AIFC"u8));

    // Where nothing is asynchronous, the task is complete.
    private static (Stream Stream, int Count) Complete(ValueTask<(Stream Stream, int Count)> peek) =>
        peek.IsCompleted ? peek.GetAwaiter().GetResult() : peek.AsTask().GetAwaiter().GetResult();
}
