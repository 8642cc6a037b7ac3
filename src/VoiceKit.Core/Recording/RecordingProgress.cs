namespace VoiceKit.Recording;

/// <summary>How a recording is going on, for the row on the screen.</summary>
/// <param name="Elapsed">How much was recorded; pauses don't count.</param>
/// <param name="Peak">The highest magnitude since the progress before, in dBFS, −100…+24.</param>
/// <param name="Rms">The RMS since the progress before, in dBFS, −100…+24; a full-scale sine has −3.</param>
/// <param name="BarCount">How many bars there are; see <see cref="IVoiceRecorder.GetBars"/>.</param>
/// <param name="Size">The size of the draft in bytes.</param>
/// <param name="Remaining">How much more can be recorded before a limit, about; null without limits.</param>
/// <param name="Lost">How much audio the device or the app was too late for; silence is in its place.</param>
public readonly record struct RecordingProgress(
    TimeSpan Elapsed, float Peak, float Rms, long BarCount, long Size, TimeSpan? Remaining, TimeSpan Lost);
