using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>What <see cref="OggOpusTagEdit"/> found and did.</summary>
internal sealed class OggOpusTagEditResult
{
    internal OggOpusTagEditResult(
        OggOpusTagEditOutcome outcome, OpusTags before, OpusTags after, IReadOnlyList<OpusDefect> defects) =>
        (Outcome, Before, After, Defects) = (outcome, before, after, defects);

    /// <summary>What it did to the file.</summary>
    public OggOpusTagEditOutcome Outcome { get; }

    /// <summary>The tags as they were, as far as they could be read.</summary>
    public OpusTags Before { get; }

    /// <summary>The tags as they are now.</summary>
    public OpusTags After { get; }

    /// <summary>
    /// What was found broken on the way: up to the end of the tags when the file was not written anew. Damaged bytes stay as they
    /// are; broken tags (<see cref="OpusDefectKind.BadTags"/>) are replaced by what could be read of them.
    /// </summary>
    public IReadOnlyList<OpusDefect> Defects { get; }
}
