namespace VoiceKit.Recording;

/// <summary>Where a <see cref="HoldToRecord"/> is.</summary>
public enum HoldToRecordState
{
    /// <summary>Nothing is recorded, and no finger counts.</summary>
    Idle,

    /// <summary>
    /// The button is pressed, but not for as long yet as <see cref="HoldToRecordOptions.HoldDelay"/>; nothing is recorded.
    /// </summary>
    Pressed,

    /// <summary>Recording, as long as the finger stays.</summary>
    Recording,

    /// <summary>Recording with no finger on the button.</summary>
    Locked,

    /// <summary>A recording stands still with no finger on the button: a draft.</summary>
    Paused,
}
