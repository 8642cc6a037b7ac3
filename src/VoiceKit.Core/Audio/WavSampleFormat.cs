namespace VoiceKit.Audio;

/// <summary>How <see cref="WavWriter"/> stores a sample.</summary>
public enum WavSampleFormat
{
    /// <summary>8-bit PCM, unsigned, silence at 128.</summary>
    Pcm8,

    /// <summary>16-bit PCM, signed: what every player takes.</summary>
    Pcm16,

    /// <summary>24-bit PCM, signed, packed in three bytes.</summary>
    Pcm24,

    /// <summary>32-bit PCM, signed.</summary>
    Pcm32,

    /// <summary>32-bit IEEE float: keeps what lies outside [-1, 1].</summary>
    Float32,
}
