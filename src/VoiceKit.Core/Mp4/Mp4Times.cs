namespace VoiceKit.Mp4;

/// <summary>How long a movie is, in samples at 48 kHz.</summary>
/// <param name="Media">All of its packets.</param>
/// <param name="Heard">What is heard of them; 0 where it is not known yet.</param>
internal readonly record struct Mp4Times(long Media, long Heard);
