using System.Buffers.Binary;

namespace VoiceKit.Mp4;

/// <summary>The four-character codes of the boxes that are read (ISO/IEC 14496-12), as big-endian numbers.</summary>
internal static class Mp4BoxType
{
    public const uint Ftyp = 0x66747970;
    public const uint Moov = 0x6D6F6F76;
    public const uint Moof = 0x6D6F6F66;
    public const uint Mvhd = 0x6D766864;
    public const uint Mvex = 0x6D766578;
    public const uint Trex = 0x74726578;
    public const uint Trak = 0x7472616B;
    public const uint Tkhd = 0x746B6864;
    public const uint Edts = 0x65647473;
    public const uint Elst = 0x656C7374;
    public const uint Mdia = 0x6D646961;
    public const uint Mdhd = 0x6D646864;
    public const uint Hdlr = 0x68646C72;
    public const uint Minf = 0x6D696E66;
    public const uint Stbl = 0x7374626C;
    public const uint Stsd = 0x73747364;
    public const uint Stts = 0x73747473;
    public const uint Stsc = 0x73747363;
    public const uint Stsz = 0x7374737A;
    public const uint Stz2 = 0x73747A32;
    public const uint Stco = 0x7374636F;
    public const uint Co64 = 0x636F3634;
    public const uint Traf = 0x74726166;
    public const uint Tfhd = 0x74666864;
    public const uint Tfdt = 0x74666474;
    public const uint Trun = 0x7472756E;
    public const uint Udta = 0x75647461;
    public const uint Meta = 0x6D657461;
    public const uint Ilst = 0x696C7374;
    public const uint Data = 0x64617461;
    public const uint Wave = 0x77617665;
    public const uint Opus = 0x4F707573;
    public const uint DOps = 0x644F7073;
    public const uint Enca = 0x656E6361;

    /// <summary>The handler type of an audio track.</summary>
    public const uint Soun = 0x736F756E;

    /// <summary>The codes with which files of this family begin.</summary>
    private static ReadOnlySpan<byte> FirstTypes => "ftypstypmoovmoofmdatfreeskipwidepnotsidxuuidemsgmetapdinprft"u8;

    public static bool IsFirst(uint type)
    {
        for (var at = 0; at < FirstTypes.Length; at += sizeof(uint))
        {
            if (BinaryPrimitives.ReadUInt32BigEndian(FirstTypes[at..]) == type)
                return true;
        }

        return false;
    }

    /// <summary>The code as text, with a dot for what cannot be printed.</summary>
    public static string ToText(uint type) => string.Create(4, type, static (text, code) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            var value = (byte)(code >> (24 - 8 * i));
            text[i] = value is >= 0x20 and <= 0x7E ? (char)value : '.';
        }
    });
}
