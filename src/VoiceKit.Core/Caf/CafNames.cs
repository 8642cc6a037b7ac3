namespace VoiceKit.Caf;

/// <summary>The keys of the information chunk that have a name of their own in OpusTags.</summary>
internal static class CafNames
{
    /// <summary>The program that wrote the file: the vendor of OpusTags.</summary>
    public const string Vendor = "encoding application";

    /// <summary>What other programs write for <see cref="Vendor"/>.</summary>
    public const string OtherVendor = "encoder";

    private static readonly (string Key, string Name)[] Pairs =
    [
        ("comments", "COMMENT"), ("recorded date", "DATE"), ("year", "DATE"), ("track number", "TRACKNUMBER"),
    ];

    /// <summary>The name of a comment for a key: most are alike.</summary>
    public static string ToName(string key)
    {
        foreach (var pair in Pairs)
        {
            if (pair.Key.Equals(key, StringComparison.OrdinalIgnoreCase))
                return pair.Name;
        }

        return key.ToUpperInvariant();
    }

    /// <summary>The key for the name of a comment.</summary>
    public static string ToKey(string name)
    {
        foreach (var pair in Pairs)
        {
            if (pair.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return pair.Key;
        }

        return name.ToLowerInvariant();
    }
}
