namespace VoiceKit.Fuzz;

/// <summary>Inputs that were found to go ways that others do not: files in Corpus, each in the folder of its target.</summary>
internal static class Corpus
{
    /// <summary>The inputs of a target, always in the same order.</summary>
    public static IEnumerable<byte[]> Of(string target)
    {
        var assembly = typeof(Corpus).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(
            name => name.StartsWith($"Corpus/{target}/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            yield return bytes.ToArray();
        }
    }
}
