using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>What <see cref="OggOpusTagEditor"/> found and did.</summary>
/// <param name="Outcome">What it did to the file.</param>
/// <param name="Before">The tags as they were, as far as they could be read.</param>
/// <param name="After">The tags as they are now.</param>
/// <param name="Defects">
/// What was found broken on the way: up to the end of the tags when the file was not written anew. Damaged bytes stay as they
/// are; broken tags (<see cref="OpusDefectKind.BadTags"/>) are replaced by what could be read of them.
/// </param>
public sealed record OggOpusTagEditorResult(
    OggOpusTagEditorOutcome Outcome, OpusTags Before, OpusTags After, IReadOnlyList<OpusDefect> Defects);
