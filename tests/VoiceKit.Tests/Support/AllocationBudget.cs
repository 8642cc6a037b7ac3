using System.Text.Json;

namespace VoiceKit.Tests.Support;

/// <summary>
/// What a packet may allocate on its way: <c>benchmarks/budgets.json</c>, which the guard of the benchmarks reads too.
/// </summary>
internal static class AllocationBudget
{
    private static readonly Dictionary<string, long> PerPacket = Read();

    public static IEnumerable<string> Paths => PerPacket.Keys;

    /// <summary>Runs the work, and fails when it allocates more on this thread than its packets may.</summary>
    /// <param name="path">A name in the file.</param>
    /// <param name="packets">How many packets the work is, or pieces of a packet's length.</param>
    /// <param name="work">The work, which has run before.</param>
    public static void Hold(string path, int packets, Action work)
    {
        var budget = PerPacket[path] * packets;
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, budget);
    }

    private static Dictionary<string, long> Read()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "budgets.json")));
        return file.RootElement.GetProperty("allocatedBytesPerPacket").EnumerateObject()
            .ToDictionary(budget => budget.Name, budget => budget.Value.GetInt64());
    }
}
