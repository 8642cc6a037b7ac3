namespace VoiceKit.Profiles;

/// <summary>A message that was made to fit a profile.</summary>
/// <param name="Message">The message; the very same one when nothing was done.</param>
/// <param name="Action">What was done.</param>
/// <param name="Findings">What <see cref="VoiceProfile.Check"/> says of the message as it was.</param>
/// <param name="Remaining">What it says of it now.</param>
public sealed record VoiceFit(
    VoiceMessage Message,
    VoiceFitAction Action,
    IReadOnlyList<VoiceProfileFinding> Findings,
    IReadOnlyList<VoiceProfileFinding> Remaining)
{
    /// <summary>Whether the platform takes the message: nothing that remains is an error.</summary>
    public bool IsAccepted => Remaining.All(finding => finding.Severity != VoiceProfileSeverity.Error);
}
