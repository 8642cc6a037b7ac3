namespace VoiceKit.Recording;

/// <summary>A recording that was begun and not yet put where it belongs.</summary>
public sealed record VoiceDraft
{
    /// <summary>Names it within its folder.</summary>
    public required string Id { get; init; }

    /// <summary>Its file: Ogg Opus, perhaps without an end.</summary>
    public required string Path { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When audio was last added.</summary>
    public required DateTimeOffset LastWrittenAt { get; init; }

    /// <summary>Its size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>
    /// Whether it cannot be had: a recorder, in this process or another, has it right now, or it is another person's.
    /// </summary>
    public required bool IsInUse { get; init; }
}
