namespace VoiceKit.Importing;

/// <summary>
/// How far an import is. It goes through the sound once or several times, to look at it, to encode and to measure it; each pass
/// begins at zero, and its last report has both times equal.
/// </summary>
/// <param name="Done">How much sound the pass has gone through.</param>
/// <param name="Total">How much there is; null while that is not known, as in formats that another program decodes.</param>
public readonly record struct VoiceImportProgress(TimeSpan Done, TimeSpan? Total)
{
    internal VoiceImportProgress(VoiceImportPhase phase, TimeSpan done, TimeSpan? total)
        : this(done, total) => Phase = phase;

    /// <summary>What the pass does.</summary>
    internal VoiceImportPhase Phase { get; }
}
