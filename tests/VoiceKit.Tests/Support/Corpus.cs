using System.Runtime.ExceptionServices;
using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Opus;

namespace VoiceKit.Tests.Support;

/// <summary>A valid file by another program.</summary>
/// <param name="Name">What tells it from the others.</param>
/// <param name="How">How it was made.</param>
/// <param name="Container">What it is.</param>
/// <param name="Data">Its bytes.</param>
internal sealed record CorpusFile(string Name, string How, OpusContainer Container, byte[] Data);

/// <summary>Opus files by programs that are not ours, each made once a run, when it is first asked for.</summary>
internal static class Corpus
{
    private static readonly Dictionary<string, (CorpusRecipe Recipe, Lazy<CorpusFile> File)> Files =
        CorpusRecipes.All.ToDictionary(recipe => recipe.Name, recipe => (recipe, new Lazy<CorpusFile>(() => Make(recipe))));

    /// <summary>The names of the files in a container.</summary>
    public static IEnumerable<string> NamesOf(OpusContainer container) =>
        Files.Values.Where(file => file.Recipe.Container == container).Select(file => file.Recipe.Name);

    /// <summary>A file.</summary>
    public static CorpusFile Get(string name) => Files[name].File.Value;

    /// <summary>All files in a container, made two at a time.</summary>
    public static CorpusFile[] GetAll(OpusContainer container)
    {
        try
        {
            return [.. NamesOf(container).AsParallel().AsOrdered().WithDegreeOfParallelism(2).Select(Get)];
        }
        catch (AggregateException exception)
        {
            // The first of them as it was thrown: a program that is missing skips the test.
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
            throw;
        }
    }

    private static CorpusFile Make(CorpusRecipe recipe)
    {
        using var folder = new TemporaryFolder();
        var (wav, path) = (folder["in.wav"], folder["out"] + recipe.Extension);
        var (pcm, format) = recipe.Input.Sound;
        using (var writer = new WavWriter(File.Create(wav), format))
            writer.Write(pcm);
        recipe.Make(wav, path);
        return new CorpusFile(recipe.Name, recipe.How, recipe.Container, File.ReadAllBytes(path));
    }
}
