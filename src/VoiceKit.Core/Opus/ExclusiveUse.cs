namespace VoiceKit.Opus;

/// <summary>
/// Keeps a codec's state to one thread at a time: a second caller gets an exception where the codec would corrupt the state.
/// </summary>
internal struct ExclusiveUse
{
    private int _inUse;

    /// <summary>Enters; the caller leaves with <see cref="Leave"/>.</summary>
    public void Enter(object owner, bool isDisposed)
    {
        ObjectDisposedException.ThrowIf(isDisposed, owner);
        if (Interlocked.Exchange(ref _inUse, 1) != 0)
            throw new InvalidOperationException(
                $"This {owner.GetType().Name} is in use by another thread. Use one instance per stream.");
    }

    public void Leave() => Volatile.Write(ref _inUse, 0);
}
