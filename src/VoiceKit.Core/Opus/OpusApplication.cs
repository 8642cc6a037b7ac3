namespace VoiceKit.Opus;

/// <summary>What an encoder is tuned for. The values are those of opus_defines.h.</summary>
public enum OpusApplication
{
    /// <summary>Speech that must be understood: favours SILK and emphasises formants.</summary>
    Voip = 2048,

    /// <summary>Faithfulness to the input: music, mixed content.</summary>
    Audio = 2049,

    /// <summary>The lowest delay (5 ms less): CELT only, no speech modes.</summary>
    RestrictedLowDelay = 2051,
}
