using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace VoiceKit.Opus;

/// <summary>
/// A picture in OpusTags: the value of METADATA_BLOCK_PICTURE, a FLAC picture block (RFC 9639 §8.8) in base64. Immutable.
/// </summary>
internal sealed class OpusPicture
{
    // Type, two lengths, four dimensions and the length of the data, four bytes each.
    private const int FixedSize = 8 * sizeof(uint);
    private const string LinkMimeType = "-->";

    /// <summary>Makes a picture.</summary>
    /// <param name="type">What it shows.</param>
    /// <param name="mimeType">
    /// Its media type, printable ASCII, for example <c>image/jpeg</c>; <c>--></c> when the data is a link.
    /// </param>
    /// <param name="data">The picture file, or the link; not copied.</param>
    /// <param name="description">A text about it.</param>
    /// <exception cref="ArgumentException">The media type has other characters than printable ASCII.</exception>
    public OpusPicture(OpusPictureType type, string mimeType, ReadOnlyMemory<byte> data, string description = "")
    {
        ArgumentNullException.ThrowIfNull(mimeType);
        ArgumentNullException.ThrowIfNull(description);
        if (mimeType.Any(c => c is < ' ' or > '~'))
            throw new ArgumentException("A media type is printable ASCII.", nameof(mimeType));
        Type = type;
        MimeType = mimeType;
        Description = description;
        Data = data;
    }

    /// <summary>What it shows.</summary>
    public OpusPictureType Type { get; }

    /// <summary>Its media type, for example <c>image/jpeg</c>; may be empty.</summary>
    public string MimeType { get; }

    /// <summary>A text about it; may be empty.</summary>
    public string Description { get; }

    /// <summary>The width in pixels; 0 for unknown.</summary>
    public uint Width { get; init; }

    /// <summary>The height in pixels; 0 for unknown.</summary>
    public uint Height { get; init; }

    /// <summary>Bits per pixel; 0 for unknown.</summary>
    public uint ColorDepth { get; init; }

    /// <summary>The number of colors of a palette; 0 for none or unknown.</summary>
    public uint ColorCount { get; init; }

    /// <summary>The picture file, or the link.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>
    /// Whether the data is not the picture but a URI where it is to be found. Following it tells its owner who plays the file.
    /// </summary>
    public bool IsLink => MimeType == LinkMimeType;

    /// <summary>The link as it stands in the data, whatever it is; null when the data is the picture.</summary>
    public string? Link => IsLink ? Encoding.UTF8.GetString(Data.Span) : null;

    /// <summary>Makes a picture that is found elsewhere.</summary>
    /// <param name="type">What it shows.</param>
    /// <param name="link">A URI, absolute or relative to the file.</param>
    /// <param name="description">A text about it.</param>
    public static OpusPicture FromLink(OpusPictureType type, string link, string description = "")
    {
        ArgumentNullException.ThrowIfNull(link);
        return new OpusPicture(type, LinkMimeType, Encoding.UTF8.GetBytes(link), description);
    }

    /// <summary>Reads the value of a METADATA_BLOCK_PICTURE comment. Takes memory in proportion to its length.</summary>
    /// <param name="value">A picture block in base64.</param>
    /// <exception cref="VoiceFormatException">The text is no base64, or a length in the block reaches beyond its end.</exception>
    public static OpusPicture Parse(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return TryParse(value, out var picture)
            ? picture
            : throw new VoiceFormatException("The value is no picture block in base64 (RFC 9639 §8.8).");
    }

    /// <summary>Reads the value of a METADATA_BLOCK_PICTURE comment. Takes memory in proportion to its length.</summary>
    /// <param name="value">A picture block in base64.</param>
    /// <param name="picture">The picture, where the result is true.</param>
    /// <returns>False when it is no base64, or a length in the block reaches beyond its end.</returns>
    public static bool TryParse(string? value, [NotNullWhen(true)] out OpusPicture? picture)
    {
        picture = null;
        if (value is null)
            return false;
        var block = new byte[value.Length / 4 * 3 + 3];
        return Convert.TryFromBase64String(value, block, out var size) && TryReadBlock(block.AsMemory(0, size), out picture);
    }

    /// <summary>The value of a METADATA_BLOCK_PICTURE comment.</summary>
    /// <exception cref="InvalidOperationException">The text would be longer than 1 GiB.</exception>
    public string ToBase64()
    {
        var mimeType = Encoding.ASCII.GetBytes(MimeType);
        var description = Encoding.UTF8.GetBytes(Description);
        var size = (long)FixedSize + mimeType.Length + description.Length + Data.Length;
        if (size > 768 * 1024 * 1024)
            throw new InvalidOperationException("The picture takes more than 1 GiB in base64.");

        var block = new byte[size];
        var rest = block.AsSpan();
        WriteNumber(ref rest, (uint)Type);
        WriteBytes(ref rest, mimeType);
        WriteBytes(ref rest, description);
        WriteNumber(ref rest, Width);
        WriteNumber(ref rest, Height);
        WriteNumber(ref rest, ColorDepth);
        WriteNumber(ref rest, ColorCount);
        WriteBytes(ref rest, Data.Span);
        return Convert.ToBase64String(block);
    }

    // Bytes behind the data are let be.
    private static bool TryReadBlock(ReadOnlyMemory<byte> block, [NotNullWhen(true)] out OpusPicture? picture)
    {
        picture = null;
        if (!TryReadNumber(ref block, out var type)
            || !TryReadBytes(ref block, out var mimeType)
            || !TryReadBytes(ref block, out var description)
            || !TryReadNumber(ref block, out var width)
            || !TryReadNumber(ref block, out var height)
            || !TryReadNumber(ref block, out var depth)
            || !TryReadNumber(ref block, out var colors)
            || !TryReadBytes(ref block, out var data))
            return false;
        if (mimeType.Span.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
            return false;

        picture = new OpusPicture(
            (OpusPictureType)type, Encoding.ASCII.GetString(mimeType.Span), data, Encoding.UTF8.GetString(description.Span))
        {
            Width = width, Height = height, ColorDepth = depth, ColorCount = colors,
        };
        return true;
    }

    private static bool TryReadNumber(ref ReadOnlyMemory<byte> rest, out uint number)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(rest.Span, out number))
            return false;
        rest = rest[sizeof(uint)..];
        return true;
    }

    private static bool TryReadBytes(ref ReadOnlyMemory<byte> rest, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        if (!TryReadNumber(ref rest, out var length) || length > rest.Length)
            return false;
        bytes = rest[..(int)length];
        rest = rest[(int)length..];
        return true;
    }

    private static void WriteNumber(ref Span<byte> rest, uint number)
    {
        BinaryPrimitives.WriteUInt32BigEndian(rest, number);
        rest = rest[sizeof(uint)..];
    }

    private static void WriteBytes(ref Span<byte> rest, ReadOnlySpan<byte> bytes)
    {
        WriteNumber(ref rest, (uint)bytes.Length);
        bytes.CopyTo(rest);
        rest = rest[bytes.Length..];
    }
}
