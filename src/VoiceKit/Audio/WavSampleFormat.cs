namespace VoiceKit.Audio;

/// <summary>The sample formats that <see cref="WavWriter"/> writes.</summary>
public enum WavSampleFormat
{
    /// <summary>8-bit unsigned integers.</summary>
    Pcm8,

    /// <summary>16-bit signed integers: what everything reads.</summary>
    Pcm16,

    /// <summary>24-bit signed integers.</summary>
    Pcm24,

    /// <summary>32-bit signed integers.</summary>
    Pcm32,

    /// <summary>32-bit floats, values beyond ±1 included.</summary>
    Float32,
}
