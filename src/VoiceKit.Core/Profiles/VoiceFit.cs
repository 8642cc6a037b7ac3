namespace VoiceKit.Profiles;

/// <summary>A message that was made to fit a profile.</summary>
public sealed class VoiceFit
{
    internal VoiceFit(
        VoiceMessage message,
        VoiceFitAction action,
        IReadOnlyList<VoiceProfileFinding> findings,
        IReadOnlyList<VoiceProfileFinding> remaining) =>
        (Message, Action, Findings, Remaining) = (message, action, findings, remaining);

    /// <summary>The message; the very same one when nothing was done.</summary>
    public VoiceMessage Message { get; }

    /// <summary>What was done.</summary>
    public VoiceFitAction Action { get; }

    /// <summary>What <see cref="VoiceProfile.Check"/> says of the message as it was.</summary>
    public IReadOnlyList<VoiceProfileFinding> Findings { get; }

    /// <summary>What it says of it now.</summary>
    public IReadOnlyList<VoiceProfileFinding> Remaining { get; }

    /// <summary>Whether the platform takes the message: nothing that remains is an error.</summary>
    public bool IsAccepted => Remaining.All(finding => finding.Severity != VoiceProfileSeverity.Error);
}
