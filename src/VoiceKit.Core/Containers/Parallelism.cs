namespace VoiceKit.Containers;

/// <summary>Numbers of cores.</summary>
internal static class Parallelism
{
    /// <summary>How many threads to use, for a number that apps give: 1 or more, or −1 for all cores.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is 0 or below −1.</exception>
    public static int Degree(int maxDegreeOfParallelism) =>
        Check(maxDegreeOfParallelism, nameof(maxDegreeOfParallelism)) > 0 ? maxDegreeOfParallelism : Environment.ProcessorCount;

    /// <summary>A number that apps give, if it means something.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is 0 or below −1.</exception>
    public static int Check(int maxDegreeOfParallelism, string name) => maxDegreeOfParallelism is -1 or > 0
        ? maxDegreeOfParallelism
        : throw new ArgumentOutOfRangeException(
            name, maxDegreeOfParallelism, "At least one core is needed; -1 stands for all of them.");
}
