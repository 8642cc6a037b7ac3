namespace VoiceKit.Cli.Terminal;

/// <summary>How a row is marked up: by colours, or by its characters alone.</summary>
/// <param name="HasColor">Whether it may use colours and dimmed text.</param>
internal readonly record struct TerminalStyle(bool HasColor)
{
    public const string Red = "\u001b[31m";
    public const string Green = "\u001b[32m";
    public const string Yellow = "\u001b[33m";
    public const string Cyan = "\u001b[36m";
    public const string Dim = "\u001b[2m";
    public const string Reset = "\u001b[0m";

    /// <summary>
    /// The style that the environment asks for: no colours where NO_COLOR is set to anything (https://no-color.org).
    /// </summary>
    public static TerminalStyle FromEnvironment() =>
        new(string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));
}
