namespace VoiceKit.Tests.Faults;

/// <summary>A way in which the system fails.</summary>
/// <param name="Call">
/// The call that fails: open (to write), look (open to read), read, write, fsync, ftruncate, flock, rename, unlink, mkdir,
/// opendir, readdir; part is a write that takes half.
/// </param>
/// <param name="Name">The error's name.</param>
/// <param name="Error">The error's number on Linux.</param>
/// <param name="Skip">How many calls pass before; all behind them fail.</param>
internal sealed record Fault(string Call, string Name, int Error, int Skip)
{
    /// <summary>All that are tried.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        .. from skip in (int[])[0, 1, 2, 3]
        from fault in (Fault[])
        [
            new("write", "ENOSPC", 28, skip),
            new("write", "EIO", 5, skip),
            new("fsync", "EIO", 5, skip),
            new("fsync", "ENOSPC", 28, skip),
            new("rename", "EIO", 5, skip),
            new("rename", "EROFS", 30, skip),
            new("unlink", "EIO", 5, skip),
            new("unlink", "EROFS", 30, skip),
            new("open", "EMFILE", 24, skip),
            new("open", "EROFS", 30, skip),
            new("open", "ENOSPC", 28, skip),
            new("open", "EACCES", 13, skip),
            new("read", "EIO", 5, skip),
            new("part", "ENOSPC", 28, skip),
            new("write", "EDQUOT", 122, skip),
            new("ftruncate", "EIO", 5, skip),
            new("flock", "ENOLCK", 37, skip),
            new("mkdir", "EROFS", 30, skip),
            new("look", "EMFILE", 24, skip),
            new("look", "EIO", 5, skip),
            new("look", "EACCES", 13, skip),
            new("opendir", "EACCES", 13, skip),
            new("readdir", "EIO", 5, skip),
        ]
        select fault,
    ];

    public override string ToString() => $"{Call} {Name} after {Skip}";
}
