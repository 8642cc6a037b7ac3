namespace VoiceKit.Opus;

/// <summary>What an encoder is tuned for.</summary>
public enum OpusApplication
{
    /// <summary>Speech that must be understood: favours SILK and emphasises formants.</summary>
    Voip,

    /// <summary>Faithfulness to the input: music, mixed content.</summary>
    Audio,

    /// <summary>The lowest delay (5 ms less): CELT only, no speech modes.</summary>
    RestrictedLowDelay,
}
