using System.Text.RegularExpressions;

namespace VoiceKit.WebChat.Http;

/// <summary>Leaves out of texts for clients where files are on the server.</summary>
internal static partial class Hiding
{
    /// <summary>The text, with "the file" in the place of each absolute path.</summary>
    /// <param name="text">The text.</param>
    /// <param name="folder">A folder whose path may have spaces.</param>
    public static string HidePaths(string text, string folder) =>
        AbsolutePath().Replace(text.Replace(folder, "/chat", StringComparison.Ordinal), "the file");

    // With two names at least, so that a slash between words is none.
    [GeneratedRegex(@"(?<![\w/.:])(?:/[^\s/'"":,;()]+){2,}/?|(?<!\w)[A-Za-z]:\\[^\s'"":,;()]+|(?<![\w\\])\\\\[^\s'"":,;()]+")]
    private static partial Regex AbsolutePath();
}
