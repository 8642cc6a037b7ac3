using System.Globalization;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Faults;

/// <summary>
/// Disks that are full, fail or cannot be written, at every step of the work: nothing that was acknowledged is lost, no old file
/// is harmed, and each fault is told.
/// </summary>
public class FaultTests
{
    public static TheoryData<string> Works => [.. FaultWork.All.Select(work => work.Name)];

    [Theory]
    [MemberData(nameof(Works))]
    public async Task Whatever_fails_nothing_is_lost_and_it_is_told(string work)
    {
        using var folder = new TemporaryFolder();
        var library = FaultLibrary.Compile(folder.Path);
        using var process = Child.Start(
            new Dictionary<string, string> { ["LD_PRELOAD"] = library }, FaultChild.Word, library, folder.Path, work);
        var said = new List<string>();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            said.Add(line);
        await process.WaitForExitAsync(patience.Token);
        Assert.Equal(0, process.ExitCode);
        Assert.DoesNotContain(said, line => line.StartsWith("wrong ", StringComparison.Ordinal));
        Assert.Contains($"done {Fault.All.Count}", said);

        // The faults did happen, to most of the work.
        var tried = said.Where(line => line.StartsWith("tried ", StringComparison.Ordinal))
            .Count(line => int.Parse(line["tried ".Length..], CultureInfo.InvariantCulture) > 0);
        Assert.InRange(tried, FaultWork.All.Single(known => known.Name == work).LeastFaults, Fault.All.Count);
    }
}
