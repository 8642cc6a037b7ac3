namespace VoiceKit.Storage;

/// <summary>What a backup has done.</summary>
public sealed class VoiceBackupReport
{
    /// <summary>How many messages were written now.</summary>
    public int WrittenCount { get; init; }

    /// <summary>How many were there already, from a backup that was cut off.</summary>
    public int ResumedCount { get; init; }

    /// <summary>Files that are not in it, and why.</summary>
    public IReadOnlyList<VoiceStoreFault> Faults { get; init; } = [];
}
