namespace VoiceKit.Cli.Batch;

/// <summary>Says what the outputs of several inputs are called.</summary>
internal static class BatchNames
{
    // File systems of Windows and macOS take names for equal that differ in case only.
    private static readonly StringComparer Names = StringComparer.OrdinalIgnoreCase;

    /// <summary>
    /// Gives each input a file of its name in a folder. Where inputs from several folders share a name, those behind the first
    /// have a number added: <c>memo.opus</c>, <c>memo-2.opus</c>.
    /// </summary>
    /// <param name="inputs">The paths of the inputs.</param>
    /// <param name="folder">The folder of the outputs.</param>
    /// <param name="extension">How the outputs' names end, with the dot.</param>
    public static IReadOnlyList<BatchFile> Plan(IReadOnlyList<string> inputs, string folder, string extension)
    {
        var own = inputs.Select(NameOf).ToHashSet(Names);
        var given = new HashSet<string>(Names);
        return [.. inputs.Select(input => new BatchFile(input, OutputOf(input), SizeOf(input)))];

        string OutputOf(string input) => Path.Combine(folder, Distinguish(NameOf(input), own, given) + extension);
    }

    // A number must not lead to the name that another input has by itself.
    private static string Distinguish(string name, HashSet<string> own, HashSet<string> given)
    {
        if (given.Add(name))
            return name;
        var number = 2;
        while (own.Contains($"{name}-{number}") || !given.Add($"{name}-{number}"))
            number++;
        return $"{name}-{number}";
    }

    private static string NameOf(string path)
    {
        var file = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        return Path.GetFileNameWithoutExtension(file) is { Length: > 0 } name ? name : file;
    }

    private static long SizeOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
