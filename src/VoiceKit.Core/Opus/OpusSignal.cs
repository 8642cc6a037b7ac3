namespace VoiceKit.Opus;

/// <summary>A hint of what the audio is.</summary>
public enum OpusSignal
{
    /// <summary>The encoder finds out by itself.</summary>
    Auto,

    /// <summary>Speech: biases the choice towards SILK.</summary>
    Voice,

    /// <summary>Music: biases the choice towards CELT.</summary>
    Music,
}
