using System.Buffers.Binary;
using System.Text;

namespace VoiceKit.Ogg;

/// <summary>The comment header of an Ogg Opus stream (RFC 7845 §5.2): who encoded it, and comments. Immutable.</summary>
public sealed class OpusTags
{
    /// <summary>Comments beyond this many are not read: small ones take far more memory than bytes in a file.</summary>
    internal const int MaxComments = 10_000;

    private readonly OpusComment[] _comments;

    /// <summary>Makes tags.</summary>
    /// <param name="vendor">Names the encoder, for example <c>libopus 1.3.1</c>.</param>
    /// <param name="comments">The comments in their order; a name may come more than once.</param>
    /// <exception cref="ArgumentException">A name is not valid; see <see cref="OpusComment.IsValidName"/>.</exception>
    public OpusTags(string vendor, params IEnumerable<OpusComment> comments)
        : this(vendor, comments.ToArray())
    {
        if (Array.Find(_comments, comment => !OpusComment.IsValidName(comment.Name)) is { Name: { } name })
            throw new ArgumentException($"'{name}' is no comment name: ASCII from space to '}}' without '='.", nameof(comments));
    }

    // What a file says is taken as it is, valid names or not.
    private OpusTags(string vendor, OpusComment[] comments)
    {
        ArgumentNullException.ThrowIfNull(vendor);
        Vendor = vendor;
        _comments = comments;
    }

    /// <summary>The program or library that encoded the audio.</summary>
    public string Vendor { get; }

    /// <summary>The comments in their order.</summary>
    public IReadOnlyList<OpusComment> Comments => _comments;

    /// <summary>The bytes with which an OpusTags packet begins.</summary>
    internal static ReadOnlySpan<byte> Magic => "OpusTags"u8;

    /// <summary>The first value of a name, or null.</summary>
    /// <param name="name">A comment name; case does not matter.</param>
    public string? GetValue(string name) => GetValues(name).FirstOrDefault();

    /// <summary>All values of a name in their order.</summary>
    /// <param name="name">A comment name; case does not matter.</param>
    public IEnumerable<string> GetValues(string name) => _comments
        .Where(comment => comment.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        .Select(comment => comment.Value);

    /// <summary>Reads the packet as far as it can be read.</summary>
    /// <param name="packet">The whole second packet of the stream.</param>
    /// <param name="fault">What is broken, or null when nothing is.</param>
    internal static OpusTags Parse(ReadOnlySpan<byte> packet, out string? fault)
    {
        var comments = new List<OpusComment>();
        var rest = packet[Magic.Length..];
        if (!TryReadText(ref rest, out var vendor))
        {
            fault = "the vendor string reaches beyond the end";
            return new OpusTags("", Array.Empty<OpusComment>());
        }

        fault = ReadComments(rest, comments);
        return new OpusTags(vendor, comments.ToArray());
    }

    /// <summary>The packet.</summary>
    internal byte[] ToPacket()
    {
        using var packet = new MemoryStream();
        packet.Write(Magic);
        WriteText(packet, Vendor);
        WriteLength(packet, _comments.Length);
        foreach (var comment in _comments)
            WriteText(packet, comment.ToString());
        return packet.ToArray();
    }

    private static string? ReadComments(ReadOnlySpan<byte> rest, List<OpusComment> comments)
    {
        if (rest.Length < sizeof(uint))
            return "the number of comments is missing";

        // Each comment takes four bytes or more, so a false count ends the loop early and never sizes a buffer.
        var count = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        rest = rest[sizeof(uint)..];
        string? fault = null;
        for (uint i = 0; i < count; i++)
        {
            if (i == MaxComments)
                return $"of {count} comments only {MaxComments} are read";
            if (!TryReadText(ref rest, out var text))
                return $"comment {i} of {count} reaches beyond the end";
            var separator = text.IndexOf('=', StringComparison.Ordinal);
            if (separator > 0)
                comments.Add(new OpusComment(text[..separator], text[(separator + 1)..]));
            else
                fault ??= $"comment {i} of {count} has no name";
        }

        return fault;
    }

    private static bool TryReadText(ref ReadOnlySpan<byte> rest, out string text)
    {
        text = "";
        if (rest.Length < sizeof(uint))
            return false;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        if (length > rest.Length - sizeof(uint))
            return false;
        text = Encoding.UTF8.GetString(rest.Slice(sizeof(uint), (int)length));
        rest = rest[(sizeof(uint) + (int)length)..];
        return true;
    }

    private static void WriteText(MemoryStream packet, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        WriteLength(packet, bytes.Length);
        packet.Write(bytes);
    }

    private static void WriteLength(MemoryStream packet, int length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)length);
        packet.Write(bytes);
    }
}
