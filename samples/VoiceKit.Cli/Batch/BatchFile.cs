namespace VoiceKit.Cli.Batch;

/// <summary>One of several files to work on.</summary>
/// <param name="Input">The path as it was given.</param>
/// <param name="Output">The path of what becomes of it.</param>
/// <param name="Size">The bytes of the input; 0 where that cannot be told.</param>
internal sealed record BatchFile(string Input, string Output, long Size);
