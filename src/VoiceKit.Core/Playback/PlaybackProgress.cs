namespace VoiceKit.Playback;

/// <summary>What a player does at a moment.</summary>
/// <param name="State">What it does.</param>
/// <param name="Position">What of the message is heard, in the message's own time.</param>
/// <param name="Duration">The length of the message; of one that grows, as far as it is known.</param>
public readonly record struct PlaybackProgress(PlaybackState State, TimeSpan Position, TimeSpan Duration);
