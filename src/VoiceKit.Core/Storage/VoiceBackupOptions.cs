namespace VoiceKit.Storage;

/// <summary>How a backup is made.</summary>
public sealed class VoiceBackupOptions
{
    /// <summary>
    /// An earlier backup's manifest: what it names and has not changed since is not written again, and is restored from there. Null
    /// for a backup of everything.
    /// </summary>
    public VoiceBackupManifest? Since { get; init; }

    /// <summary>Told after each file.</summary>
    public IProgress<VoiceStoreProgress>? Progress { get; init; }
}
