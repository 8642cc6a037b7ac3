using System.Buffers.Binary;
using System.Globalization;
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
    private OpusTags(string vendor, OpusComment[] comments, ReadOnlyMemory<byte> binaryData = default)
    {
        ArgumentNullException.ThrowIfNull(vendor);
        Vendor = vendor;
        _comments = comments;
        BinaryData = binaryData;
    }

    /// <summary>The program or library that encoded the audio.</summary>
    public string Vendor { get; }

    /// <summary>The comments in their order.</summary>
    public IReadOnlyList<OpusComment> Comments => _comments;

    /// <summary>
    /// What stands behind the comments and is to be kept (RFC 7845 §5.2): its first byte is odd. Empty in nearly all files. Every
    /// change of the comments keeps it.
    /// </summary>
    public ReadOnlyMemory<byte> BinaryData { get; }

    /// <summary>
    /// How many bytes of padding stood behind the comments in the file: room for longer ones. Changed tags have none.
    /// </summary>
    public int PaddingSize { get; private init; }

    /// <summary>
    /// The gain that makes the track as loud as others, on top of the output gain, in 1/256 dB (R128_TRACK_GAIN, RFC 7845
    /// §5.2.1).
    /// </summary>
    /// <value>The first value of that name; null when there is none, or when it is no integer of at most six characters.</value>
    public short? TrackGain => ReadGain(OpusTagNames.R128TrackGain);

    /// <summary>
    /// The gain that makes the album as loud as others, on top of the output gain, in 1/256 dB (R128_ALBUM_GAIN, RFC 7845
    /// §5.2.1).
    /// </summary>
    /// <value>The first value of that name; null when there is none, or when it is no integer of at most six characters.</value>
    public short? AlbumGain => ReadGain(OpusTagNames.R128AlbumGain);

    /// <summary>The pictures that can be read, in their order; parsed anew each time.</summary>
    public IEnumerable<OpusPicture> Pictures => GetValues(OpusTagNames.MetadataBlockPicture)
        .Select(value => OpusPicture.TryParse(value, out var picture) ? picture : null)
        .OfType<OpusPicture>();

    /// <summary>The bytes with which an OpusTags packet begins.</summary>
    internal static ReadOnlySpan<byte> Magic => "OpusTags"u8;

    /// <summary>The first value of a name, or null.</summary>
    /// <param name="name">A comment name; case does not matter.</param>
    public string? GetValue(string name) => GetValues(name).FirstOrDefault();

    /// <summary>All values of a name in their order.</summary>
    /// <param name="name">A comment name; case does not matter.</param>
    public IEnumerable<string> GetValues(string name) => _comments
        .Where(comment => IsNamed(comment, name))
        .Select(comment => comment.Value);

    /// <summary>These tags with one value of a name in place of all that it had; where the first stood, or at the end.</summary>
    /// <param name="name">A comment name; case does not matter.</param>
    /// <param name="value">Any text.</param>
    /// <exception cref="ArgumentException">The name is not valid; see <see cref="OpusComment.IsValidName"/>.</exception>
    public OpusTags With(string name, string value)
    {
        var comment = Checked(name, value);
        var at = Array.FindIndex(_comments, other => IsNamed(other, name));
        if (at < 0)
            return Changed([.. _comments, comment]);
        var others = _comments.Skip(at + 1).Where(other => !IsNamed(other, name));
        return Changed([.. _comments.Take(at), comment, .. others]);
    }

    /// <summary>These tags with one more value of a name, at the end.</summary>
    /// <param name="name">A comment name.</param>
    /// <param name="value">Any text.</param>
    /// <exception cref="ArgumentException">The name is not valid; see <see cref="OpusComment.IsValidName"/>.</exception>
    public OpusTags Add(string name, string value) => Changed([.. _comments, Checked(name, value)]);

    /// <summary>These tags with one more picture, at the end.</summary>
    /// <param name="picture">The picture.</param>
    public OpusTags Add(OpusPicture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return Add(OpusTagNames.MetadataBlockPicture, picture.ToBase64());
    }

    /// <summary>These tags without any value of a name.</summary>
    /// <param name="name">A comment name; case does not matter.</param>
    public OpusTags Without(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Changed([.. _comments.Where(comment => !IsNamed(comment, name))]);
    }

    /// <summary>These tags with another track gain.</summary>
    /// <param name="gain">A gain in 1/256 dB; null for none.</param>
    public OpusTags WithTrackGain(short? gain) => WithGain(OpusTagNames.R128TrackGain, gain);

    /// <summary>These tags with another album gain.</summary>
    /// <param name="gain">A gain in 1/256 dB; null for none.</param>
    public OpusTags WithAlbumGain(short? gain) => WithGain(OpusTagNames.R128AlbumGain, gain);

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

        fault = ReadComments(ref rest, comments);

        // §5.2: an even first byte makes all of the rest padding.
        var isKept = rest.Length > 0 && (rest[0] & 1) != 0;
        return new OpusTags(vendor, comments.ToArray(), isKept ? rest.ToArray() : default)
        {
            PaddingSize = isKept ? 0 : rest.Length,
        };
    }

    /// <summary>The packet.</summary>
    /// <param name="padding">How many zero bytes follow the comments; none may where there is binary data.</param>
    internal byte[] ToPacket(int padding = 0)
    {
        if (padding > 0 && !BinaryData.IsEmpty)
            throw new ArgumentException("Binary data leaves no place for padding.", nameof(padding));
        using var packet = new MemoryStream();
        packet.Write(Magic);
        WriteText(packet, Vendor);
        WriteLength(packet, _comments.Length);
        foreach (var comment in _comments)
            WriteText(packet, comment.ToString());
        packet.Write(BinaryData.Span);
        packet.Write(new byte[padding]);
        return packet.ToArray();
    }

    private static bool IsNamed(OpusComment comment, string name) =>
        comment.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static OpusComment Checked(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return OpusComment.IsValidName(name)
            ? new OpusComment(name, value)
            : throw new ArgumentException($"'{name}' is no comment name: ASCII from space to '}}' without '='.", nameof(name));
    }

    private OpusTags Changed(OpusComment[] comments) => new(Vendor, comments, BinaryData);

    private OpusTags WithGain(string name, short? gain) => gain is { } value
        ? With(name, value.ToString(CultureInfo.InvariantCulture))
        : Without(name);

    // §5.2.1: a sign and leading zeros are allowed, white space and more than six characters are not.
    private short? ReadGain(string name) =>
        GetValue(name) is { Length: <= 6 } value
        && value.All(c => c is (>= '0' and <= '9') or '+' or '-')
        && short.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var gain)
            ? gain
            : null;

    // Leaves what stands behind the comments; nothing when their end was not found.
    private static string? ReadComments(ref ReadOnlySpan<byte> packet, List<OpusComment> comments)
    {
        var rest = packet;
        packet = default;
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

        packet = rest;
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
