namespace VoiceKit.Opus;

/// <summary>A hint of what the audio is. The values are those of opus_defines.h.</summary>
public enum OpusSignal
{
    /// <summary>The encoder finds out by itself.</summary>
    Auto = -1000,

    /// <summary>Speech: biases the choice towards SILK.</summary>
    Voice = 3001,

    /// <summary>Music: biases the choice towards CELT.</summary>
    Music = 3002,
}
