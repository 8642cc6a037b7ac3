using System.Text.Json;

namespace VoiceKit.Benchmarks.Reporting;

/// <summary>What the hot paths may take: <c>benchmarks/budgets.json</c>.</summary>
/// <param name="AllocatedBytesPerPacket">What a packet of each path may allocate; the tests hold to it.</param>
/// <param name="HotPaths">The comparisons of the guard.</param>
internal sealed record Budgets(IReadOnlyDictionary<string, long> AllocatedBytesPerPacket, IReadOnlyList<Budgets.HotPath> HotPaths)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    public static Budgets Read(string path)
    {
        using var file = File.OpenRead(path);
        return JsonSerializer.Deserialize<Budgets>(file, Options) ?? throw new InvalidDataException($"{path} is empty.");
    }

    /// <summary>A comparison's budget.</summary>
    /// <param name="Work">Its work.</param>
    /// <param name="Against">Its baseline.</param>
    /// <param name="Ratio">The most that our quickest turn may take, as a multiple of the baseline's quickest.</param>
    /// <param name="AllocatedBytes">The most that a turn may allocate.</param>
    internal sealed record HotPath(string Work, string Against, double Ratio, long AllocatedBytes);
}
