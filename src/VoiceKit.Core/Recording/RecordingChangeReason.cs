namespace VoiceKit.Recording;

/// <summary>Why a recorder's state changed.</summary>
public enum RecordingChangeReason
{
    /// <summary>The app asked for it.</summary>
    Requested,

    /// <summary>The message is as long as <see cref="VoiceRecorderOptions.MaxDuration"/> allows.</summary>
    MaxDuration,

    /// <summary>The message is as large as <see cref="VoiceRecorderOptions.MaxSize"/> allows.</summary>
    MaxSize,

    /// <summary>The message would have been shorter than <see cref="VoiceRecorderOptions.MinDuration"/>.</summary>
    TooShort,

    /// <summary>Something failed; the exception says what.</summary>
    Fault,
}
