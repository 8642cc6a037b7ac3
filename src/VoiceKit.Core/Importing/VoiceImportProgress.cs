namespace VoiceKit.Importing;

/// <summary>How far an import is. Each phase goes through the sound once; the last report of it has both times equal.</summary>
/// <param name="Phase">What is done.</param>
/// <param name="Done">How much sound the phase has gone through.</param>
/// <param name="Total">How much there is; null while that is not known, as in formats that another program decodes.</param>
public readonly record struct VoiceImportProgress(VoiceImportPhase Phase, TimeSpan Done, TimeSpan? Total);
