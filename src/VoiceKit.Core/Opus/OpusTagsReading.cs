using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace VoiceKit.Opus;

/// <summary>What a walk over the packet of an OpusTags (RFC 7845 §5.2) has found.</summary>
internal readonly record struct OpusTagsReading
{
    private static int VendorAt => OpusTags.Magic.Length;

    /// <summary>What is wrong, for a message; null when nothing is.</summary>
    public string? Fault { get; private init; }

    /// <summary>Whether the vendor string is there.</summary>
    public bool HasVendor { get; private init; }

    /// <summary>Whether the end of the comments was found.</summary>
    public bool HasEnd { get; private init; }

    /// <summary>Where the comments end; the packet's end when that was not found.</summary>
    public int End { get; private init; }

    /// <summary>How many comments can be read.</summary>
    public int CommentCount { get; private init; }

    /// <summary>Walks over a packet, which begins with the magic word.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="comments">Takes the comments, and the bytes of those that are no UTF-8; null to count them only.</param>
    public static OpusTagsReading Read(ReadOnlySpan<byte> packet, List<(OpusComment Comment, byte[]? Bytes)>? comments)
    {
        var position = VendorAt;
        if (!TryPass(packet, ref position, out _))
            return new OpusTagsReading { Fault = "the vendor string reaches beyond the end", End = packet.Length };

        var (fault, isEnd, count) = ReadComments(packet, ref position, comments);
        return new OpusTagsReading
        {
            Fault = fault, HasVendor = true, HasEnd = isEnd, End = isEnd ? position : packet.Length, CommentCount = count,
        };
    }

    /// <summary>The vendor string of the packet, as UTF-8 if it is that.</summary>
    public byte[] ReadVendor(ReadOnlySpan<byte> packet)
    {
        var position = VendorAt;
        return HasVendor && TryPass(packet, ref position, out var text) ? text.ToArray() : [];
    }

    private static (string? Fault, bool IsEnd, int Count) ReadComments(
        ReadOnlySpan<byte> packet, ref int position, List<(OpusComment Comment, byte[]? Bytes)>? comments)
    {
        if (packet.Length - position < sizeof(uint))
            return ("the number of comments is missing", false, 0);

        // Each comment takes four bytes or more, so a false count ends the loop early and never sizes a buffer.
        var count = BinaryPrimitives.ReadUInt32LittleEndian(packet[position..]);
        position += sizeof(uint);
        string? fault = null;
        var read = 0;
        for (uint i = 0; i < count; i++)
        {
            if (i == OpusTags.MaxComments)
                return ($"of {count} comments only {OpusTags.MaxComments} are read", false, read);
            if (!TryPass(packet, ref position, out var text))
                return ($"comment {i} of {count} reaches beyond the end", false, read);
            var separator = text.IndexOf((byte)'=');
            if (separator > 0)
                read++;
            else
                fault ??= $"comment {i} of {count} has no name";
            if (separator > 0 && comments is not null)
                comments.Add((MakeComment(text, separator), Utf8.IsValid(text) ? null : text.ToArray()));
        }

        return (fault, true, read);
    }

    private static OpusComment MakeComment(ReadOnlySpan<byte> text, int separator) =>
        new(Encoding.UTF8.GetString(text[..separator]), Encoding.UTF8.GetString(text[(separator + 1)..]));

    /// <summary>Passes a text and the four bytes before it that say how long it is (RFC 7845 §5.2).</summary>
    /// <returns>Whether the packet has all of it; the position is just behind it then.</returns>
    public static bool TryPass(ReadOnlySpan<byte> packet, ref int position, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (packet.Length - position < sizeof(uint))
            return false;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(packet[position..]);
        position += sizeof(uint);
        if (length > packet.Length - position)
            return false;
        text = packet.Slice(position, (int)length);
        position += (int)length;
        return true;
    }
}
