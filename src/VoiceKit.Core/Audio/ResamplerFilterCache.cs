namespace VoiceKit.Audio;

/// <summary>Shares filters between the resamplers of a process; keeps the few used last. Safe for threads.</summary>
internal static class ResamplerFilterCache
{
    /// <summary>How many filters are kept (up to 0.9 MB each); those in use live on with their resamplers.</summary>
    public const int Capacity = 16;

    // The one used last comes first.
    private static readonly LinkedList<Entry> s_entries = new();

    /// <summary>The filter for a reduced ratio, designed on first use; resamplers that ask meanwhile wait for it.</summary>
    public static ResamplerFilter Get(int up, int down)
    {
        // A filter depends on its phases and its cutoff alone, and every ratio upwards has the same cutoff.
        (int, int, int) key = down < up ? (ResamplerFilter.PhasesFor(up, down), 1, 1)
            : (ResamplerFilter.PhasesFor(up, down), up, down);
        return Entries(key, up, down).Filter.Value;
    }

    private static Entry Entries((int, int, int) key, int up, int down)
    {
        lock (s_entries)
        {
            LinkedListNode<Entry>? node = s_entries.First;
            while (node is not null && node.Value.Key != key)
                node = node.Next;
            if (node is null)
                node = new(new(key, new(() => ResamplerFilter.Create(up, down))));
            else
                s_entries.Remove(node);
            s_entries.AddFirst(node);
            if (s_entries.Count > Capacity)
                s_entries.RemoveLast();
            return node.Value;
        }
    }

    private sealed record Entry((int Phases, int Up, int Down) Key, Lazy<ResamplerFilter> Filter);
}
