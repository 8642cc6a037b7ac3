namespace VoiceKit.Audio;

/// <summary>What an audio device is for.</summary>
public enum AudioDeviceKind
{
    /// <summary>It hears: a microphone.</summary>
    Input,

    /// <summary>It plays: a speaker.</summary>
    Output,

    /// <summary>It hears what an output plays.</summary>
    Loopback,
}
