namespace VoiceKit.Profiles;

/// <summary>Something about a message that a platform would not like.</summary>
public sealed record VoiceProfileFinding
{
    internal VoiceProfileFinding(VoiceProfileSeverity severity, VoiceProfileRule rule, string message, string source) =>
        (Severity, Rule, Message, Source) = (severity, rule, message, source);

    /// <summary>How much it matters.</summary>
    public VoiceProfileSeverity Severity { get; }

    /// <summary>What is wrong, in a sentence.</summary>
    public string Message { get; }

    /// <summary>Who says so: a document, or a report.</summary>
    public string Source { get; }

    /// <summary>What it is about.</summary>
    public VoiceProfileRule Rule { get; }

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
