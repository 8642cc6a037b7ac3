namespace VoiceKit.WebChat.Rooms;

/// <summary>Places of which each person, or each address, has some.</summary>
internal sealed class Places
{
    private readonly Dictionary<string, int> _taken = [];
    private readonly Lock _lock = new();

    /// <summary>Takes a place.</summary>
    /// <param name="who">Who takes it.</param>
    /// <param name="most">How many one has at most.</param>
    /// <returns>To be disposed when it is free again; null when all are taken.</returns>
    public IDisposable? Take(string who, int most)
    {
        lock (_lock)
        {
            var taken = _taken.GetValueOrDefault(who);
            if (taken >= most)
                return null;
            _taken[who] = taken + 1;
        }

        return Place.At(() => Leave(who));
    }

    private void Leave(string who)
    {
        lock (_lock)
        {
            if (--_taken[who] == 0)
                _taken.Remove(who);
        }
    }
}
