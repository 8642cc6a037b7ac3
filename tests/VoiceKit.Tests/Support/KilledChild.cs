namespace VoiceKit.Tests.Support;

/// <summary>Runs this program as a child that is killed while it works.</summary>
internal static class KilledChild
{
    /// <summary>Starts the child and kills it some time after its first line.</summary>
    /// <param name="milliseconds">How long it has.</param>
    /// <param name="arguments">What it is told to do.</param>
    /// <returns>The lines it has written.</returns>
    public static async Task<List<string>> RunAsync(int milliseconds, params string[] arguments)
    {
        using var process = Child.Start(arguments);
        var said = new List<string>();
        if (await process.StandardOutput.ReadLineAsync() is { } first)
            said.Add(first);
        _ = Task.Delay(milliseconds).ContinueWith(_ => process.Kill(), TaskScheduler.Default);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            said.Add(line);
        await process.WaitForEndAsync();
        Assert.Equal(128 + 9, process.ExitCode);
        Assert.NotEmpty(said);
        return said;
    }
}
