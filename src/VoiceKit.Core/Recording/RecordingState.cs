namespace VoiceKit.Recording;

/// <summary>What a recorder is doing.</summary>
public enum RecordingState
{
    /// <summary>Nothing yet: it can be started.</summary>
    Idle,

    /// <summary>The microphone is on.</summary>
    Recording,

    /// <summary>The microphone is off and the draft waits: resume, finish, discard, or listen to it.</summary>
    Paused,

    /// <summary>The message is made. The end.</summary>
    Finished,

    /// <summary>The draft is gone. The end.</summary>
    Discarded,

    /// <summary>The device, the disk or the codec failed. The draft is kept: resume, finish or discard.</summary>
    Faulted,
}
