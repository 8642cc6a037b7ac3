namespace VoiceKit.Storage;

/// <summary>How far work on a whole store is.</summary>
/// <param name="Files">How many files are done.</param>
/// <param name="TotalFiles">How many there are.</param>
/// <param name="Bytes">How many bytes of them were read.</param>
public readonly record struct VoiceStoreProgress(int Files, int TotalFiles, long Bytes);
