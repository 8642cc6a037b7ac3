using System.Buffers.Binary;

namespace VoiceKit.Audio;

/// <summary>
/// The codec numbers of a WAV file (wFormatTag in mmreg.h; registered in RFC 2361) and the sub-formats of
/// WAVE_FORMAT_EXTENSIBLE (Microsoft, "Extensible Wave-Format Descriptors").
/// </summary>
internal static class WavFormatTags
{
    public const ushort Pcm = 0x0001;
    public const ushort IeeeFloat = 0x0003;
    public const ushort ALaw = 0x0006;
    public const ushort MuLaw = 0x0007;
    public const ushort Extensible = 0xFFFE;

    /// <summary>The length of a sub-format GUID.</summary>
    public const int GuidLength = 16;

    // xxxxxxxx-0000-0010-8000-00AA00389B71 as it lies in the file, without the four bytes that hold the tag.
    private static ReadOnlySpan<byte> GuidTail => [0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    /// <summary>Writes the sub-format GUID of a tag.</summary>
    public static void WriteGuid(Span<byte> destination, ushort tag)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, tag);
        GuidTail.CopyTo(destination[4..]);
    }

    /// <summary>The tag that a sub-format GUID stands for; false when it is of another family.</summary>
    public static bool TryReadGuid(ReadOnlySpan<byte> guid, out ushort tag)
    {
        uint first = BinaryPrimitives.ReadUInt32LittleEndian(guid);
        tag = (ushort)first;
        return first <= ushort.MaxValue && guid[4..GuidLength].SequenceEqual(GuidTail);
    }

    /// <summary>A name for people, such as "IMA ADPCM (0x0011)".</summary>
    public static string Describe(ushort tag)
    {
        string? name = NameOf(tag);
        return name is null ? $"0x{tag:X4}" : $"{name} (0x{tag:X4})";
    }

    private static string? NameOf(ushort tag) => tag switch
    {
        Pcm => "PCM",
        0x0002 => "Microsoft ADPCM",
        IeeeFloat => "IEEE float",
        ALaw => "A-law",
        MuLaw => "mu-law",
        0x0010 => "OKI ADPCM",
        0x0011 => "IMA ADPCM",
        0x0022 => "TrueSpeech",
        0x0031 => "GSM 6.10",
        0x0040 or 0x0045 or 0x0064 => "G.726 ADPCM",
        0x0050 => "MPEG audio",
        0x0055 => "MP3",
        0x0092 => "AC-3 over S/PDIF",
        0x00FF or 0x1600 or 0x1610 => "AAC",
        0x0160 or 0x0161 or 0x0162 or 0x0163 => "Windows Media Audio",
        0x2000 => "AC-3",
        0x674F or 0x6750 or 0x6751 or 0x676F or 0x6770 or 0x6771 => "Vorbis",
        0x704F => "Opus",
        0xF1AC => "FLAC",
        Extensible => "extensible",
        _ => null,
    };
}
