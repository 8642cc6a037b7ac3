namespace VoiceKit.Opus;

/// <summary>
/// Places in a file from which it can be read on, kept while it is read: every ten seconds one at first. They take no more memory
/// the longer the file is: where there are many, every second one is given up.
/// </summary>
/// <typeparam name="T">What it takes to read on from a place.</typeparam>
internal sealed class OpusPlaces<T>
{
    private const int MaxCount = 128;

    private readonly List<(long Position, T Place)> _places = new(MaxCount);
    private long _step = 10 * OpusRates.Full;

    /// <summary>Whether a place is far enough from the last one to be kept.</summary>
    /// <param name="position">The end of the packet before it, in samples at 48 kHz.</param>
    public bool Wants(long position) => _places.Count == 0 || position >= _places[^1].Position + _step;

    /// <summary>Keeps a place.</summary>
    /// <param name="position">The end of the packet before it, in samples at 48 kHz.</param>
    /// <param name="place">The place.</param>
    public void Add(long position, T place)
    {
        if (_places.Count == MaxCount)
            GiveUpEverySecond();
        _places.Add((position, place));
    }

    /// <summary>Finds the last place before a position, or else the first one.</summary>
    /// <param name="position">The position, in samples at 48 kHz.</param>
    /// <param name="found">The end of the packet before the place.</param>
    /// <param name="place">The place.</param>
    /// <returns>False where none was kept.</returns>
    public bool TryFind(long position, out long found, out T place)
    {
        var index = Math.Max(0, FindFirstAtOrBehind(position) - 1);
        (found, place) = _places.Count > 0 ? _places[index] : (0, default!);
        return _places.Count > 0;
    }

    private void GiveUpEverySecond()
    {
        for (var i = 0; i < MaxCount / 2; i++)
            _places[i] = _places[2 * i];
        _places.RemoveRange(MaxCount / 2, MaxCount / 2);
        _step *= 2;
    }

    private int FindFirstAtOrBehind(long position)
    {
        var (low, high) = (0, _places.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_places[middle].Position < position)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
