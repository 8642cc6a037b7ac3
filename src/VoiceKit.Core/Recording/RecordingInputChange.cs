namespace VoiceKit.Recording;

/// <summary>The system has moved a recording to another microphone.</summary>
/// <param name="Previous">What a person calls the device before, or null when that is not known.</param>
/// <param name="Current">What a person calls the device now, or null when that is not known.</param>
internal sealed record RecordingInputChange(string? Previous, string? Current);
