using System.Runtime.InteropServices;

namespace VoiceKit.WebChat.Limits;

/// <summary>For each address, so much at once and so much a second from then on.</summary>
/// <param name="burst">How much there is at once.</param>
/// <param name="perSecond">How much comes a second.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class TokenBuckets(double burst, double perSecond, TimeProvider clock)
{
    private const int FewAddresses = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, TokenBucket> _buckets = [];
    private int _crowd = FewAddresses;

    /// <summary>How many addresses it knows.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _buckets.Count;
        }
    }

    /// <summary>Takes some of an address's.</summary>
    /// <returns>Whether there was so much.</returns>
    public bool TryTake(string address, double amount)
    {
        lock (_lock)
        {
            if (_buckets.Count >= _crowd)
                ForgetFull();
            return CollectionsMarshal.GetValueRefOrAddDefault(_buckets, address, out _).TryTake(amount, burst, perSecond, clock);
        }
    }

    // Those that have all they can have are like new ones.
    private void ForgetFull()
    {
        foreach (var (address, bucket) in _buckets)
        {
            if (bucket.IsFull(perSecond, clock))
                _buckets.Remove(address);
        }

        _crowd = Math.Max(FewAddresses, 2 * _buckets.Count);
    }
}
