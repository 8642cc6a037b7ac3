namespace VoiceKit.Profiles;

/// <summary>Something about a message that a platform would not like.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Rule">What it is about.</param>
/// <param name="Message">What is wrong, in a sentence.</param>
/// <param name="Source">Who says so: a document, or a report.</param>
public sealed record VoiceProfileFinding(VoiceProfileSeverity Severity, VoiceProfileRule Rule, string Message, string Source)
{
    /// <summary>The cheapest way to make it right; none for what cannot be made right.</summary>
    public VoiceFitAction Remedy => Rule switch
    {
        VoiceProfileRule.HeaderRate or VoiceProfileRule.Tags or VoiceProfileRule.PreSkip => VoiceFitAction.Retag,
        VoiceProfileRule.PacketShape => VoiceFitAction.Repacketize,
        VoiceProfileRule.Container => VoiceFitAction.Remux,
        VoiceProfileRule.Codec or VoiceProfileRule.Empty or VoiceProfileRule.Duration => VoiceFitAction.None,
        _ => VoiceFitAction.Reencode,
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Severity}: {Message} ({Source})";
}
