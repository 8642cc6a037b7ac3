namespace VoiceKit.Stretches;

/// <summary>Numbers of cores.</summary>
internal static class Parallelism
{
    /// <summary>How many threads to use, for a number that apps give: 1 or more, or −1 for all cores.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is 0 or below −1.</exception>
    public static int Degree(int maxDegreeOfParallelism)
    {
        if (maxDegreeOfParallelism is 0 or < -1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(maxDegreeOfParallelism), maxDegreeOfParallelism, "At least one core is needed; -1 stands for all of them.");
        }

        return maxDegreeOfParallelism > 0 ? maxDegreeOfParallelism : Environment.ProcessorCount;
    }
}
