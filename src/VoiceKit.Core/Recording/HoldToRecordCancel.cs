namespace VoiceKit.Recording;

/// <summary>
/// What becomes of a held recording when the system takes the finger away: for a call, or as another app comes up.
/// </summary>
public enum HoldToRecordCancel
{
    /// <summary>It is paused, and waits as a draft: nothing is lost, and nothing is recorded that nobody meant to say.</summary>
    Pause,

    /// <summary>It goes on without the finger.</summary>
    Lock,

    /// <summary>It is discarded.</summary>
    Discard,
}
