namespace VoiceKit;

/// <summary>A message that was cut in two.</summary>
/// <param name="First">The part before the cut.</param>
/// <param name="Second">The part behind it.</param>
public sealed record VoiceMessageParts(VoiceMessage First, VoiceMessage Second);
