namespace VoiceKit.Audio;

/// <summary>Names a file format by its first bytes, for error messages.</summary>
internal static class MediaNames
{
    private static ReadOnlySpan<byte> EbmlMagic => [0x1A, 0x45, 0xDF, 0xA3];

    /// <summary>The name, or null when the bytes are none that are known.</summary>
    public static string? Identify(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("RIFF"u8) && start.Length >= 12 && start[8..].StartsWith("WAVE"u8))
            return "a WAV file";
        if (start.StartsWith("RF64"u8) || start.StartsWith("BW64"u8))
            return "an RF64 WAV file";
        if (start.StartsWith("FORM"u8) && start.Length >= 12 && start[8..].StartsWith("AIF"u8))
            return "an AIFF file";
        if (start.StartsWith("fLaC"u8))
            return "FLAC";
        if (start.StartsWith("OggS"u8))
            return "an Ogg file";
        if (start.StartsWith("#!AMR"u8))
            return "AMR";
        if (start.StartsWith("caff"u8))
            return "a CAF file";
        if (start.StartsWith(EbmlMagic))
            return "WebM or Matroska";
        if (start.Length >= 8 && start[4..].StartsWith("ftyp"u8))
            return "MPEG-4 (M4A, MP4)";
        if (start.StartsWith("ID3"u8))
            return "MP3";
        return IdentifyFrameSync(start);
    }

    // MPEG audio has eleven set bits; ADTS has twelve and layer 0.
    private static string? IdentifyFrameSync(ReadOnlySpan<byte> start)
    {
        if (start.Length < 2 || start[0] != 0xFF)
            return null;
        if ((start[1] & 0xF6) == 0xF0)
            return "AAC (ADTS)";
        return (start[1] & 0xE0) == 0xE0 && (start[1] & 0x06) != 0 ? "MP3" : null;
    }
}
