namespace VoiceKit.WebChat.Limits;

/// <summary>
/// Places of which there are so many in all, and so many for one address. When all are taken, an address gets the oldest place of
/// the one that has most, unless that has hardly more than itself: no number of addresses that take all they can get keeps
/// another out.
/// </summary>
/// <param name="most">How many there are.</param>
/// <param name="mostOfAddress">How many one address has at most.</param>
internal sealed class FairPlaces(int most, int mostOfAddress)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedList<FairPlace>> _taken = [];
    private int _count;

    /// <summary>How many are taken.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _count;
        }
    }

    /// <summary>Takes a place.</summary>
    /// <param name="address">Whose it is.</param>
    /// <param name="takenAway">Ends what the place is for, when another address gets it.</param>
    /// <param name="what">What the places are for, in the plural.</param>
    /// <exception cref="ChatException">The address has its share, or all are taken.</exception>
    public FairPlace Take(string address, Action takenAway, string what) => TryTake(address, takenAway, out var isShareUsed)
        ?? throw (isShareUsed
            ? new ChatException(429, $"Too many {what}", $"Too many {what} come from your address. Wait a moment.")
            : new ChatException(503, $"Too many {what}", $"The server has no room for more {what} now. Wait a moment."));

    /// <summary>Takes a place.</summary>
    /// <param name="address">Whose it is.</param>
    /// <param name="takenAway">Ends what the place is for, when another address gets it.</param>
    /// <param name="isShareUsed">Whether the address has as many as one has at most.</param>
    /// <returns>To be disposed when it is free again; null when there is none.</returns>
    public FairPlace? TryTake(string address, Action takenAway, out bool isShareUsed)
    {
        FairPlace? lost = null;
        FairPlace place;
        lock (_lock)
        {
            var own = _taken.GetValueOrDefault(address)?.Count ?? 0;
            isShareUsed = own >= mostOfAddress;
            if (isShareUsed)
                return null;
            if (_count >= most && (lost = FindLost(own)) is null)
                return null;
            if (lost is not null)
                Remove(lost);
            place = new FairPlace(this, address, takenAway);
            Add(place);
        }

        lost?.TakeAway();
        return place;
    }

    /// <summary>Gives a place back; one that was taken away is not there any more.</summary>
    internal void Leave(FairPlace place)
    {
        lock (_lock)
        {
            if (place.Node.List is not null)
                Remove(place);
        }
    }

    private FairPlace? FindLost(int own)
    {
        var largest = _taken.Values.MaxBy(places => places.Count);
        return largest is not null && largest.Count > own + 1 ? largest.First!.Value : null;
    }

    private void Add(FairPlace place)
    {
        if (!_taken.TryGetValue(place.Address, out var places))
            _taken[place.Address] = places = [];
        places.AddLast(place.Node);
        _count++;
    }

    private void Remove(FairPlace place)
    {
        var places = _taken[place.Address];
        places.Remove(place.Node);
        _count--;
        if (places.Count == 0)
            _taken.Remove(place.Address);
    }
}
