namespace VoiceKit.Windows.Tests.Actor;

/// <summary>What a program of Windows and the test that has started it say to each other.</summary>
/// <param name="folder">Where the files of both are.</param>
internal sealed class Stage(string folder)
{
    /// <summary>Longer than any test waits: no program stays behind.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(4);

    public string this[string name] => Path.Combine(folder, name);

    /// <summary>Says a line to the test.</summary>
    public static void Tell(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }

    /// <summary>Waits until the test has put a file of this name into the folder.</summary>
    public Task WaitForAsync(string name) => Until(() => File.Exists(this[name]));

    /// <summary>Waits until something is so.</summary>
    public static async Task Until(Func<bool> condition)
    {
        using var enough = new CancellationTokenSource(Patience);
        while (!condition())
            await Task.Delay(10, enough.Token);
    }
}
