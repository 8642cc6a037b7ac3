using Xunit.Runner.InProc.SystemConsole;

namespace VoiceKit.Fuzz;

/// <summary>Runs the tests, or a target for a fuzzer that looks at which ways an input goes (eng/fuzz --guided).</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args) => args switch
    {
        ["guided", var target] => Guide(target),
        ["seeds", var target, var folder] => WriteSeeds(target, folder),
        _ => await ConsoleRunner.Run(args),
    };

    // AFL++ gives each input on the standard input, and gets told when one throws.
    private static int Guide(string name)
    {
        var target = Make(name);
        SharpFuzz.Fuzzer.Run(stream =>
        {
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            target.RunOne(bytes.ToArray());
        });
        return 0;
    }

    private static int WriteSeeds(string name, string folder)
    {
        var number = 0;
        foreach (var seed in Make(name).Beginnings)
            File.WriteAllBytes(Path.Combine(folder, $"seed-{number++:000}"), seed);
        return 0;
    }

    private static FuzzTarget Make(string name)
    {
        var type = typeof(FuzzTarget).Assembly.GetType($"{typeof(FuzzTarget).Namespace}.Targets.{name}", throwOnError: true)!;
        return (FuzzTarget)Activator.CreateInstance(type, [null])!;
    }
}
