namespace VoiceKit.Fuzz;

/// <summary>Measures what is allocated.</summary>
internal static class Allocation
{
    /// <summary>The bytes that an action allocates on this thread; the exception it may throw is let be.</summary>
    public static long Measure(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            action();
        }
        catch (VoiceFormatException)
        {
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
