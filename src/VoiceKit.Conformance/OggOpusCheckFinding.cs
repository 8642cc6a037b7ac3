namespace VoiceKit.Conformance;

/// <summary>Something in an Ogg Opus file that breaks a rule or is unusual.</summary>
/// <param name="Offset">The byte offset from the start of the input: of the field, packet or text, else of the page.</param>
/// <param name="Rule">The rule; never renamed or given another meaning.</param>
/// <param name="Message">What was found and what is right, in a sentence of English.</param>
public sealed record OggOpusCheckFinding(long Offset, OggOpusCheckRule Rule, string Message)
{
    /// <summary>How much it matters: the same for all findings of a rule.</summary>
    public OggOpusCheckSeverity Severity => OggOpusCheckRules.SeverityOf(Rule);

    /// <summary>Where the rule stands, for example <c>RFC 7845 §4.5</c>.</summary>
    public string Section => OggOpusCheckRules.SectionOf(Rule);

    /// <summary>One line: offset, severity, rule, section and message.</summary>
    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Offset}: {Severity} {Rule} ({Section}): {Message}");
}
