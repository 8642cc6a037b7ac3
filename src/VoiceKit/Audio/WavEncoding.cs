namespace VoiceKit.Audio;

/// <summary>How a sample is stored in a WAV file.</summary>
internal enum WavEncoding
{
    Unsigned8,
    Signed16,
    Signed24,
    Signed32,
    Float32,
    Float64,
    ALaw,
    MuLaw,
}
