namespace VoiceKit.Recording;

/// <summary>A change of a recorder's state.</summary>
/// <param name="Previous">The state before.</param>
/// <param name="Current">The state now.</param>
/// <param name="Reason">Why it changed.</param>
/// <param name="Fault">
/// What failed, when the reason is <see cref="RecordingChangeReason.Fault"/>: an <see cref="AudioDeviceException"/>, an
/// <see cref="IOException"/>, an <see cref="OpusCodecException"/>; else null.
/// </param>
public sealed record RecordingStateChange(
    RecordingState Previous, RecordingState Current, RecordingChangeReason Reason, Exception? Fault = null);
