using System.Buffers.Binary;

namespace VoiceKit.Conformance;

/// <summary>What a picture block says of its picture, or what the picture's own first bytes say (RFC 9639 §8.8).</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Depth">Bits a pixel; those of the palette's colours where there is one.</param>
/// <param name="Colors">The colours of the palette; 0 where there is none.</param>
internal readonly record struct OggOpusCheckImage(uint Width, uint Height, uint Depth, uint Colors)
{
    internal enum Format
    {
        None,
        Jpeg,
        Png,
        Gif,
    }

    private static ReadOnlySpan<byte> PngMagic => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>The format that a media type names, none for one that leaves it open; false for others.</summary>
    public static bool TryGetFormat(ReadOnlySpan<byte> media, out Format format)
    {
        Span<byte> lower = stackalloc byte[10];
        format = Format.None;
        if (media.Length > lower.Length)
            return false;
        for (var i = 0; i < media.Length; i++)
            lower[i] = (byte)(media[i] is >= (byte)'A' and <= (byte)'Z' ? media[i] + 32 : media[i]);
        lower = lower[..media.Length];
        format = lower.SequenceEqual("image/jpeg"u8) ? Format.Jpeg
            : lower.SequenceEqual("image/png"u8) ? Format.Png
            : lower.SequenceEqual("image/gif"u8) ? Format.Gif
            : Format.None;
        return format != Format.None || lower.IsEmpty || lower.SequenceEqual("image/"u8);
    }

    public static Format FormatOf(ReadOnlySpan<byte> data) =>
        data.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? Format.Jpeg
        : data.StartsWith(PngMagic) ? Format.Png
        : data.StartsWith("GIF87a"u8) || data.StartsWith("GIF89a"u8) ? Format.Gif
        : Format.None;

    /// <summary>Reads as much of a picture as tells its size; default where there is not enough of it.</summary>
    public static OggOpusCheckImage Read(ReadOnlySpan<byte> data, Format format) => format switch
    {
        Format.Jpeg => ReadJpeg(data),
        Format.Png => ReadPng(data),
        Format.Gif => ReadGif(data),
        _ => default,
    };

    // Segments of a marker and a length, until a start of frame: precision, height, width, components (ITU-T T.81 §B.2.2).
    private static OggOpusCheckImage ReadJpeg(ReadOnlySpan<byte> data)
    {
        var at = 2;
        while (at + 9 < data.Length && data[at] == 0xFF)
        {
            var marker = data[at + 1];
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                var frame = data[(at + 4)..];
                return new OggOpusCheckImage(Big16(frame[3..]), Big16(frame[1..]), (uint)(frame[0] * frame[5]), 0);
            }

            at += marker == 0xFF ? 1 : marker is 0x01 or (>= 0xD0 and <= 0xD8) ? 2 : 2 + (int)Big16(data[(at + 2)..]);
        }

        return default;
    }

    // Chunks of a length, a type, data and a checksum; the first is IHDR.
    private static OggOpusCheckImage ReadPng(ReadOnlySpan<byte> data)
    {
        if (data.Length < 33 || !data[12..].StartsWith("IHDR"u8))
            return default;
        var (width, height) = (Big32(data[16..]), Big32(data[20..]));
        uint depth = data[24];
        var color = data[25];
        if (color != 3)
            return new OggOpusCheckImage(width, height, depth * color switch { 2 => 3u, 4 => 2u, 6 => 4u, _ => 1u }, 0);

        for (long at = 33; at + 8 <= data.Length; at += 12 + Big32(data[(int)at..]))
        {
            if (data[(int)at..][4..].StartsWith("PLTE"u8))
                return new OggOpusCheckImage(width, height, 24, Big32(data[(int)at..]) / 3);
        }

        return default;
    }

    private static OggOpusCheckImage ReadGif(ReadOnlySpan<byte> data)
    {
        if (data.Length < 13)
            return default;
        var colors = (data[10] & 0x80) != 0 ? 1u << ((data[10] & 7) + 1) : 0;
        return new OggOpusCheckImage(
            BinaryPrimitives.ReadUInt16LittleEndian(data[6..]), BinaryPrimitives.ReadUInt16LittleEndian(data[8..]), 24, colors);
    }

    private static uint Big16(ReadOnlySpan<byte> data) => BinaryPrimitives.ReadUInt16BigEndian(data);

    private static uint Big32(ReadOnlySpan<byte> data) => BinaryPrimitives.ReadUInt32BigEndian(data);
}
