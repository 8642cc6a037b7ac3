using VoiceKit.Containers;

namespace VoiceKit;

/// <summary>How a batch is worked on.</summary>
public sealed record VoiceBatchOptions
{
    /// <summary>How many items are worked on at once.</summary>
    /// <value>1 or more; −1, the default, for as many as there are cores.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is 0 or below −1.</exception>
    public int MaxDegreeOfParallelism
    {
        get;
        init => field = Parallelism.Check(value, nameof(value));
    } = -1;

    /// <summary>How many results may wait to be taken; then the work waits too, so that memory does not grow.</summary>
    /// <value>1 or more; 16 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Capacity
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 16;
}
