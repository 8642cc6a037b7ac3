namespace VoiceKit.Playback;

/// <summary>What a player does.</summary>
public enum PlaybackState
{
    /// <summary>There is no message, or it is being opened.</summary>
    Empty,

    /// <summary>There is a message, and it was not played since it was loaded or stopped.</summary>
    Ready,

    /// <summary>The message is heard.</summary>
    Playing,

    /// <summary>The message waits where it was left.</summary>
    Paused,

    /// <summary>The message was heard to its end, where the position stays.</summary>
    Ended,

    /// <summary>
    /// The output or the message's stream failed; the position is kept, and playing goes on from there once the cause is gone.
    /// </summary>
    Faulted,
}
