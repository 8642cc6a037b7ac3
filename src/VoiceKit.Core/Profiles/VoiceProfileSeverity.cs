namespace VoiceKit.Profiles;

/// <summary>How much a finding of <see cref="VoiceProfile.Check"/> matters.</summary>
public enum VoiceProfileSeverity
{
    /// <summary>The platform's own clients do it another way; it is taken all the same.</summary>
    Advice,

    /// <summary>Some client was reported to refuse it, or to show less than a voice message.</summary>
    Warning,

    /// <summary>The platform refuses it, or does not take it for a voice message.</summary>
    Error,
}
