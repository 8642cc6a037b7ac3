namespace VoiceKit.Storage;

/// <summary>What a backup has done.</summary>
/// <param name="Manifest">What is in it.</param>
/// <param name="WrittenCount">How many messages were written now.</param>
/// <param name="ResumedCount">How many were there already, from a backup that was cut off.</param>
/// <param name="Faults">Files that are not in it, and why.</param>
public sealed record VoiceBackupReport(
    VoiceBackupManifest Manifest, int WrittenCount, int ResumedCount, IReadOnlyList<VoiceStoreFault> Faults);
