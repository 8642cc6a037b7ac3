namespace VoiceKit.Playback;

/// <summary>A message of a queue that could not be played, and was passed over.</summary>
/// <param name="Index">Which message.</param>
/// <param name="Exception">Why.</param>
public readonly record struct VoiceQueueFailure(int Index, Exception Exception);
