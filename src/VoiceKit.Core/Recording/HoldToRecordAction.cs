namespace VoiceKit.Recording;

/// <summary>What an app does in answer to an input of <see cref="HoldToRecord"/>.</summary>
public enum HoldToRecordAction
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Begin to record. One of <see cref="Send"/>, <see cref="Discard"/> and <see cref="TooShort"/> ends it.</summary>
    Start,

    /// <summary>Go on recording without the finger, and show the buttons for sending, discarding and pausing.</summary>
    Lock,

    /// <summary>Pause, and show the same buttons as for <see cref="Lock"/>: the finger is not, or no longer, needed.</summary>
    Pause,

    /// <summary>Go on recording after a pause.</summary>
    Resume,

    /// <summary>Finish the recording, and send it.</summary>
    Send,

    /// <summary>Discard the recording.</summary>
    Discard,

    /// <summary>Discard the recording, and tell the person that it was too short to be sent.</summary>
    TooShort,

    /// <summary>Tell the person to hold the button: it was only tapped, and nothing was recorded.</summary>
    Hint,
}
