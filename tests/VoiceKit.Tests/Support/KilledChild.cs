namespace VoiceKit.Tests.Support;

/// <summary>Runs this program as a child that is killed while it works.</summary>
internal static class KilledChild
{
    /// <summary>Starts the child and kills it a while after one of its lines.</summary>
    /// <param name="lines">How many lines it writes first: how far it gets, however busy the machine is.</param>
    /// <param name="spins">How long the while is, in spins of a thread.</param>
    /// <param name="arguments">What it is told to do.</param>
    /// <returns>The lines it has written.</returns>
    public static async Task<List<string>> RunAsync(int lines, int spins, params string[] arguments)
    {
        using var process = Child.Start(arguments);
        var said = new List<string>();
        while (said.Count < lines && await process.StandardOutput.ReadLineAsync() is { } line)
            said.Add(line);
        Thread.SpinWait(spins);
        process.Kill();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            said.Add(line);
        await process.WaitForEndAsync();
        Assert.Equal(Child.KilledCode, process.ExitCode);
        Assert.NotEmpty(said);
        return said;
    }
}
