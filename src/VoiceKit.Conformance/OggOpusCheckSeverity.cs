namespace VoiceKit.Conformance;

/// <summary>How much a finding of <see cref="OggOpusCheck"/> matters.</summary>
public enum OggOpusCheckSeverity
{
    /// <summary>Breaks a SHOULD, or is legal but unusual: some program may trip over it.</summary>
    Warning,

    /// <summary>Breaks a MUST, or what the specification defines a field to be: the file does not conform.</summary>
    Error,
}
