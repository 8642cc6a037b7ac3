namespace VoiceKit.Audio;

/// <summary>Names what a file is by its first bytes, so that an error can say it.</summary>
internal static class MediaNames
{
    /// <summary>How many bytes are looked at.</summary>
    public const int Length = 12;

    /// <summary>The name of what has no sound in it.</summary>
    public const string Text = "a text";

    /// <summary>
    /// The voice messages of QQ and WeChat, with what to do: their SILK is older than that of Opus, and another.
    /// </summary>
    public const string Silk =
        "QQ/WeChat SILK: not Opus; make a WAV of it with a decoder for Skype's SILK, such as silk-v3-decoder, and import that";

    private static ReadOnlySpan<byte> EbmlMagic => [0x1A, 0x45, 0xDF, 0xA3];

    // The header object of Microsoft's Advanced Systems Format, as far as it is looked at.
    private static ReadOnlySpan<byte> AsfMagic => [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11];

    private static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>What the bytes belong to, such as "an Ogg file"; null when they are not recognised.</summary>
    public static string? Identify(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("OggS"u8))
            return "an Ogg file";
        if (start.StartsWith("RIFF"u8) && start.Length >= 12)
            return start[8..].StartsWith("WAVE"u8) ? "a WAV file" : $"a RIFF file of the form '{RiffChunkId.ToText(start[8..])}'";
        if (start.StartsWith("RF64"u8) || start.StartsWith("BW64"u8))
            return "an RF64 WAV file";
        if (start.StartsWith("RIFX"u8))
            return "a big-endian WAV file (RIFX)";
        if (start.StartsWith("riff"u8))
            return "a Sony Wave64 file";
        if (start.StartsWith("FORM"u8) && start.Length >= 12 && start[8..].StartsWith("AIF"u8))
            return "an AIFF file";
        if (start.StartsWith("caff"u8))
            return "a Core Audio (CAF) file";
        if (start.StartsWith(".snd"u8))
            return "a Sun AU file";
        if (start.StartsWith("fLaC"u8))
            return "a FLAC file";
        if (IsSilk(start))
            return Silk;
        if (start.StartsWith("#!AMR"u8))
            return "an AMR file";
        if (start.StartsWith(AsfMagic))
            return "a Windows Media file (WMA)";
        if (start.StartsWith(EbmlMagic))
            return "a WebM or Matroska file";
        if (start.Length >= 8 && start[4..].StartsWith("ftyp"u8))
            return "an MPEG-4 file (M4A, MP4)";
        if (start.StartsWith("ID3"u8))
            return "an MP3 file (ID3 tag)";
        return IdentifyOther(start) ?? (IsText(start) ? Text : IdentifyFrame(start));
    }

    // Tencent's programs put a byte before it.
    private static bool IsSilk(ReadOnlySpan<byte> start)
    {
        var magic = "#!SILK_V"u8;
        return start.StartsWith(magic) || (start.Length > 0 && start[0] == 2 && start[1..].StartsWith(magic));
    }

    private static string? IdentifyOther(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("Creative Voi"u8))
            return "a Creative Voice file (VOC)";
        if (start.StartsWith("NIST_1A"u8))
            return "a NIST SPHERE file";
        if (start.StartsWith("nut/multimed"u8))
            return "a NUT file";
        if (start.StartsWith("ALawSoundFil"u8))
            return "a Psion sound file (WVE)";
        if (start.StartsWith("2BIT"u8))
            return "an Audio Visual Research file (AVR)";
        if (start.StartsWith("FORM"u8) && start.Length >= 12 && start[8..].StartsWith("8SVX"u8))
            return "an Amiga sound file (8SVX)";
        if (start.StartsWith("TTA"u8))
            return "a True Audio file (TTA)";
        if (start.StartsWith("wvpk"u8))
            return "a WavPack file";
        if (start.StartsWith("MAC "u8))
            return "a Monkey's Audio file";
        if (start is [0x89, (byte)'P', (byte)'N', (byte)'G', ..])
            return "a PNG picture";
        if (start is [0xFF, 0xD8, 0xFF, ..])
            return "a JPEG picture";
        if (start.StartsWith("GIF8"u8))
            return "a GIF picture";
        if (start.StartsWith("%PDF"u8))
            return "a PDF document";
        return start is [(byte)'P', (byte)'K', 3, 4, ..] ? "a ZIP archive" : null;
    }

    // In UTF-16 with its mark, where a byte of a Latin letter is 0; or printable in ASCII or UTF-8.
    private static bool IsText(ReadOnlySpan<byte> start)
    {
        const byte Delete = 0x7F;
        if (start.Length >= 4 && (start is [0xFF, 0xFE, not 0, 0, ..] || start is [0xFE, 0xFF, 0, not 0, ..]))
            return true;
        if (start.Length < Length || (start[0] > Delete && !start.StartsWith(Utf8Mark)))
            return false;
        foreach (var value in start)
        {
            if (value is Delete or (< (byte)' ' and not ((byte)'\t' or (byte)'\n' or (byte)'\r')))
                return false;
        }

        return true;
    }

    // ISO/IEC 11172-3: eleven set bits, then the version and the layer; layer 0 with twelve set bits is ADTS (ISO/IEC 13818-7).
    private static string? IdentifyFrame(ReadOnlySpan<byte> start)
    {
        if (start.Length < 2 || start[0] != 0xFF || (start[1] & 0xE0) != 0xE0)
            return null;
        if ((start[1] & 0x06) != 0)
            return "an MP3 file";
        return (start[1] & 0xF0) == 0xF0 ? "an AAC file (ADTS)" : null;
    }
}
