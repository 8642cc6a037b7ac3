namespace VoiceKit.Storage;

/// <summary>What a restore has done.</summary>
public sealed class VoiceRestoreReport
{
    /// <summary>The messages that were added.</summary>
    public IReadOnlyList<StoredVoiceMessage> Restored { get; init; } = [];

    /// <summary>How many messages were replaced by a newer form of the same audio, or because they were damaged.</summary>
    public int ReplacedCount { get; init; }

    /// <summary>How many messages the store had already.</summary>
    public int UnchangedCount { get; init; }

    /// <summary>How many messages the store has in a newer form, which they keep.</summary>
    public int NewerCount { get; init; }

    /// <summary>What is wrong with the backup, and was left out.</summary>
    public IReadOnlyList<VoiceStoreFault> Faults { get; init; } = [];
}
