using System.Text.RegularExpressions;
using VoiceKit.Audio;

namespace VoiceKit.FFmpeg;

/// <summary>Makes an exception of how the program ended, and of what it said.</summary>
internal static partial class FFmpegFailure
{
    private const string NoTrack = "There is no sound in the file.";
    private const string NoAudio = "There is no audio in it that can be used.";

    // What ffmpeg returns when it cannot use its input: 1 up to version 6.0, 69 for too many errors on the way; later the last
    // byte of its error code, which is for the input: no decoder or demuxer or stream, unknown, not implemented, bad data, end,
    // bug, bad argument.
    private static readonly int[] InputCodes = [1, 8, 69, 171, 176, 183, 187, 190, 234];

    // What it says when it is the machine or the program that fails.
    private static readonly string[] OtherReasons =
    [
        "Cannot allocate memory", "No space left on device", "File too large", "Too many open files", "Permission denied",
        "Resource temporarily unavailable", "Input/output error", "error while loading shared libraries", "Unrecognized option",
        "Option not found", "Error splitting the argument list",
    ];

    /// <summary>What decoding ended with.</summary>
    /// <param name="exitCode">What the program returned.</param>
    /// <param name="log">What it said.</param>
    /// <returns>
    /// A <see cref="VoiceFormatException"/> when the input is to blame, with the program's words in its inner exception;
    /// otherwise an <see cref="FFmpegException"/>.
    /// </returns>
    public static VoiceKitException OfDecoding(int exitCode, string log)
    {
        var failure = new FFmpegException(Describe("ffmpeg cannot decode the input", exitCode, log), exitCode, log);
        return IsAboutInput(exitCode, log) ? OfInput(log, failure) : failure;
    }

    /// <summary>What there is to say of a program that ended well and gave no audio.</summary>
    public static VoiceFormatException OfNothing(string log, Exception reason) =>
        OfInput(log, new FFmpegException($"ffmpeg gave no samples: {reason.Message}", 0, log, reason));

    /// <summary>What it is that nothing could be made of, where the program did not find so much as a track.</summary>
    /// <param name="failure">What the program ended with.</param>
    /// <param name="path">The file.</param>
    public static VoiceFormatException Name(VoiceFormatException failure, string path)
    {
        var start = ReadStart(path);
        var what = MediaNames.Identify(start);
        var message = what == MediaNames.Text ? "There is no sound in it: it is a text."
            : what is not null ? $"There is no sound in it that can be read: it is {what}."
            : $"There is no sound in it that can be read: its first bytes, {FirstOf(start)}, tell no format.";
        return failure.Message == NoAudio && failure.Offset < 0
            ? new VoiceFormatException(message, 0, failure.InnerException)
            : failure;
    }

    private static string FirstOf(byte[] start) => Convert.ToHexString(start.AsSpan(0, Math.Min(4, start.Length)));

    /// <summary>Refuses what the program would take for something else.</summary>
    /// <exception cref="VoiceFormatException">The file is SILK of QQ or WeChat.</exception>
    public static void RefuseSilk(string path)
    {
        if (MediaNames.Identify(ReadStart(path)) == MediaNames.Silk)
            throw new VoiceFormatException($"It is {MediaNames.Silk}.", 0);
    }

    private static byte[] ReadStart(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        var start = new byte[MediaNames.Length];
        return start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
    }

    /// <summary>How the program ended, in a line.</summary>
    public static string Describe(string what, int exitCode, string log) => exitCode > 128 && exitCode <= 128 + 64
        ? $"{what}: it was ended by signal {exitCode - 128}, for a crash or for taking more than the options allow."
        : $"{what} (it returned {exitCode}): {LastOf(log)}";

    /// <summary>What the program said, without addresses in memory and names of files.</summary>
    public static string Clean(string log, string path)
    {
        log = Whitelist().Replace(Pointers().Replace(log, ""), "The format is none of those that are read.");
        return path.Length == 0 ? log : log.Replace("file:" + path, "input").Replace(path, "input");
    }

    private static bool IsAboutInput(int exitCode, string log) =>
        InputCodes.Contains(exitCode)
        && log.Length > 0
        && !OtherReasons.Any(reason => log.Contains(reason, StringComparison.OrdinalIgnoreCase));

    private static VoiceFormatException OfInput(string log, FFmpegException failure) => new(
        log.Contains("matches no streams", StringComparison.Ordinal)
            || log.Contains("does not contain any stream", StringComparison.Ordinal)
            ? NoTrack
            : NoAudio,
        innerException: failure);

    // The last of what the program said.
    private static string LastOf(string log)
    {
        var last = log.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).TakeLast(2);
        return string.Join(" ", last);
    }

    [GeneratedRegex(" @ 0x[0-9A-Fa-f]+")]
    private static partial Regex Pointers();

    // It lists all that are.
    [GeneratedRegex("(Format|Protocol) .*not on whitelist.*")]
    private static partial Regex Whitelist();
}
