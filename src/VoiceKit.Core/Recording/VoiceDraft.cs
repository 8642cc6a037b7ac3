namespace VoiceKit.Recording;

/// <summary>A recording that was begun and not yet put where it belongs.</summary>
/// <param name="Id">Names it within its folder.</param>
/// <param name="Path">Its file: Ogg Opus, perhaps without an end.</param>
/// <param name="StartedAt">When it was begun.</param>
/// <param name="LastWrittenAt">When audio was last added.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="IsInUse">Whether it cannot be had: a recorder, in this process or another, has it right now, or it is another person's.</param>
public sealed record VoiceDraft(
    string Id, string Path, DateTimeOffset StartedAt, DateTimeOffset LastWrittenAt, long Size, bool IsInUse);
