namespace VoiceKit.Audio;

/// <summary>What an audio device is for.</summary>
public enum AudioDeviceKind
{
    /// <summary>A microphone.</summary>
    Input,

    /// <summary>A speaker.</summary>
    Output,

    /// <summary>What an output plays, to be recorded.</summary>
    Loopback,
}
