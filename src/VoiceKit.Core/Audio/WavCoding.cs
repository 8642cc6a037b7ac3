namespace VoiceKit.Audio;

/// <summary>How a WAV file's samples are coded, by the container of one sample.</summary>
internal enum WavCoding
{
    UInt8,
    Int16,
    Int24,

    /// <summary>24 bits in the lower three bytes of four, as ALSA's S24_LE has them; the fourth says nothing.</summary>
    Int24In32,
    Int32,
    Float32,
    Float64,
    ALaw,
    MuLaw,
}

internal static class WavCodings
{
    /// <summary>The bytes that one sample takes.</summary>
    public static int BytesPerSample(this WavCoding coding) => coding switch
    {
        WavCoding.Int16 => 2,
        WavCoding.Int24 => 3,
        WavCoding.Int24In32 or WavCoding.Int32 or WavCoding.Float32 => 4,
        WavCoding.Float64 => 8,
        _ => 1,
    };

    /// <summary>The coding that a format of the writer stands for.</summary>
    public static WavCoding ToCoding(this WavSampleFormat format) => format switch
    {
        WavSampleFormat.Pcm8 => WavCoding.UInt8,
        WavSampleFormat.Pcm16 => WavCoding.Int16,
        WavSampleFormat.Pcm24 => WavCoding.Int24,
        WavSampleFormat.Pcm32 => WavCoding.Int32,
        WavSampleFormat.Float32 => WavCoding.Float32,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a WavSampleFormat."),
    };
}
