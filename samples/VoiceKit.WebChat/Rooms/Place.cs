namespace VoiceKit.WebChat.Rooms;

/// <summary>One of a limited number of places, free again when it is disposed.</summary>
internal sealed class Place : IDisposable
{
    private Action? _leave;

    private Place(Action leave) => _leave = leave;

    /// <summary>Takes a place.</summary>
    /// <param name="taken">How many are taken.</param>
    /// <param name="most">How many there are.</param>
    /// <param name="leave">Counts one less.</param>
    /// <returns>Null when all are taken.</returns>
    public static Place? Take(ref int taken, int most, Action leave)
    {
        if (Interlocked.Increment(ref taken) <= most)
            return new Place(leave);
        Interlocked.Decrement(ref taken);
        return null;
    }

    /// <summary>A place that was taken otherwise.</summary>
    public static Place At(Action leave) => new(leave);

    public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
}
