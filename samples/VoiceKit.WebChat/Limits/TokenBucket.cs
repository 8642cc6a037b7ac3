namespace VoiceKit.WebChat.Limits;

/// <summary>So much at once, and so much a second from then on. It has no timer, and is small.</summary>
internal struct TokenBucket
{
    private double _used;
    private long _at;

    /// <summary>Takes some.</summary>
    /// <param name="amount">How much.</param>
    /// <param name="burst">How much there is at once.</param>
    /// <param name="perSecond">How much comes a second.</param>
    /// <param name="clock">Tells the time.</param>
    /// <returns>Whether there was so much.</returns>
    public bool TryTake(double amount, double burst, double perSecond, TimeProvider clock)
    {
        Refill(perSecond, clock);
        if (_used + amount > burst)
            return false;
        _used += amount;
        return true;
    }

    /// <summary>Whether all of it is there.</summary>
    /// <param name="perSecond">How much comes a second.</param>
    /// <param name="clock">Tells the time.</param>
    public bool IsFull(double perSecond, TimeProvider clock)
    {
        Refill(perSecond, clock);
        return _used <= 0;
    }

    private void Refill(double perSecond, TimeProvider clock)
    {
        var now = clock.GetTimestamp();
        _used = Math.Max(0, _used - perSecond * clock.GetElapsedTime(_at, now).TotalSeconds);
        _at = now;
    }
}
