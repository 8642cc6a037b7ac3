using System.CommandLine;

namespace VoiceKit.Cli;

/// <summary>
/// Whether files that exist are replaced: when <c>--force</c> says so, or when the person at the terminal does.
/// </summary>
internal static class Replacing
{
    public static Option<bool> Option { get; } = new("--force")
    {
        Description = "Replace files that exist.",
        Recursive = true,
    };

    /// <summary>Whether <c>--force</c> was given.</summary>
    public static bool IsAllowed { get; set; }

    /// <summary>Asks before a file is replaced. Called before the work, so that none is done in vain.</summary>
    /// <exception cref="InputException">The file exists and is to stay.</exception>
    public static void Check(string path)
    {
        if (path == "-" || IsAllowed || !IsFile(path) || IsAgreed(path))
            return;
        throw new InputException($"{path} exists; --force replaces it");
    }

    private static bool IsAgreed(string path)
    {
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
            return false;
        Console.Error.Write($"voicekit: {Printable.Line(path)} exists. Replace it? [y/N] ");
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    // A device or a pipe is written to and not replaced.
    private static bool IsFile(string path) =>
        File.Exists(path) && (File.GetAttributes(path) & FileAttributes.Device) == 0 && !Output.IsDevice(path);
}
