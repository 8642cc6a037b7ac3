namespace VoiceKit.Storage;

/// <summary>What a restoration has done.</summary>
/// <param name="Restored">The messages that the store has now and had not before.</param>
/// <param name="ReplacedCount">How many messages were replaced: older ones with the same audio, or damaged ones.</param>
/// <param name="UnchangedCount">How many messages the store had already.</param>
/// <param name="NewerCount">How many messages the store has in a newer form, which they keep.</param>
/// <param name="Faults">What is wrong with the backup, and was left out.</param>
public sealed record VoiceRestoreReport(
    IReadOnlyList<StoredVoiceMessage> Restored, int ReplacedCount, int UnchangedCount, int NewerCount, IReadOnlyList<VoiceStoreFault> Faults);
