namespace VoiceKit.FFmpeg;

/// <summary>
/// The ffmpeg program is not there, has failed, or took too long. An input without audio that it could use is a
/// <see cref="VoiceFormatException"/> instead, whose inner exception is this one.
/// </summary>
public sealed class FFmpegException : VoiceKitException
{
    /// <summary>Creates an exception.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="exitCode">What the program returned; null where it did not end by itself.</param>
    /// <param name="log">The last of what the program wrote to its standard error.</param>
    /// <param name="innerException">What caused it.</param>
    public FFmpegException(string message, int? exitCode = null, string log = "", Exception? innerException = null)
        : base(message, innerException)
    {
        ExitCode = exitCode;
        Log = log;
    }

    /// <summary>What the program returned; null where it was not started, or was ended.</summary>
    public int? ExitCode { get; }

    /// <summary>
    /// The last lines that the program wrote to its standard error, 8 KiB at most, without addresses in memory and the input's
    /// path. Text from the file may be in it.
    /// </summary>
    public string Log { get; }
}
