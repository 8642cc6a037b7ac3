namespace VoiceKit.Recording;

/// <summary>How a recording is going on, for the row on the screen.</summary>
public readonly record struct RecordingProgress
{
    /// <summary>How much was recorded; pauses don't count.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The highest magnitude since the progress before, in dBFS, −100…+24.</summary>
    public float Peak { get; init; }

    /// <summary>The RMS since the progress before, in dBFS, −100…+24; a full-scale sine has −3.</summary>
    public float Rms { get; init; }

    /// <summary>How many bars there are; see <see cref="IVoiceRecorder.GetBars"/>.</summary>
    public long BarCount { get; init; }

    /// <summary>The size of the draft in bytes.</summary>
    public long Size { get; init; }

    /// <summary>How much more can be recorded before a limit, about; null without limits.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>How much audio the device or the app was too late for; silence is in its place.</summary>
    public TimeSpan Lost { get; init; }
}
