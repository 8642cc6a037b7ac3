using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace VoiceKit.Opus;

/// <summary>The comment header of an Ogg Opus stream (RFC 7845 §5.2): who encoded it, and comments. Immutable.</summary>
public sealed class OpusTags
{
    /// <summary>Comments beyond this many are not read: small ones take far more memory than bytes in a file.</summary>
    internal const int MaxComments = 10_000;

    // Texts are made when they are first asked for: in memory they take twice their bytes, and many readers want none of them.
    private Content? _content;
    private byte[]? _packet;

    /// <summary>Makes tags.</summary>
    /// <param name="vendor">Names the encoder, for example <c>libopus 1.3.1</c>.</param>
    /// <param name="comments">The comments in their order; a name may come more than once.</param>
    /// <exception cref="ArgumentException">A name is not valid; see <see cref="OpusComment.IsValidName"/>.</exception>
    public OpusTags(string vendor, params IEnumerable<OpusComment> comments)
        : this(vendor, comments.ToArray())
    {
        if (Array.Find(Texts.Comments, comment => !OpusComment.IsValidName(comment.Name)) is { Name: { } name })
            throw new ArgumentException($"'{name}' is no comment name: ASCII from space to '}}' without '='.", nameof(comments));
    }

    private OpusTags(string vendor, OpusComment[] comments)
    {
        ArgumentNullException.ThrowIfNull(vendor);
        _content = new Content(vendor, Encoding.UTF8.GetBytes(vendor), comments, []);
        CommentCount = comments.Length;
    }

    private OpusTags(Content content) => (_content, CommentCount) = (content, content.Comments.Length);

    // What a file says is taken as it is, valid names or not.
    private OpusTags(byte[] packet, int commentCount) => (_packet, CommentCount) = (packet, commentCount);

    /// <summary>The program or library that encoded the audio.</summary>
    public string Vendor => Texts.Vendor;

    /// <summary>The comments in their order.</summary>
    public IReadOnlyList<OpusComment> Comments => Texts.Comments;

    /// <summary>
    /// What stands behind the comments and is to be kept (RFC 7845 §5.2): its first byte is odd. Empty in nearly all files. Every
    /// change of the comments keeps it.
    /// </summary>
    public ReadOnlyMemory<byte> BinaryData { get; private init; }

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
    internal IEnumerable<OpusPicture> Pictures => GetValues(OpusTagNames.MetadataBlockPicture)
        .Select(value => OpusPicture.TryParse(value, out var picture) ? picture : null)
        .OfType<OpusPicture>();

    /// <summary>Tags that tell nothing.</summary>
    internal static OpusTags Empty { get; } = new("", Array.Empty<OpusComment>());

    /// <summary>The bytes with which an OpusTags packet begins.</summary>
    internal static ReadOnlySpan<byte> Magic => "OpusTags"u8;

    /// <summary>The number of comments, without making texts of them.</summary>
    internal int CommentCount { get; }

    /// <summary>What is wrong with the packet; null when nothing is.</summary>
    internal string? Fault { get; private init; }

    private Content Texts => _content ?? MakeTexts();

    /// <summary>The first value of a name, or null.</summary>
    /// <param name="name">A comment name; case does not matter.</param>
    public string? GetValue(string name) => GetValues(name).FirstOrDefault();

    /// <summary>All values of a name in their order.</summary>
    /// <param name="name">A comment name; case does not matter.</param>
    public IEnumerable<string> GetValues(string name) => Texts.Comments
        .Where(comment => IsNamed(comment, name))
        .Select(comment => comment.Value);

    /// <summary>These tags with one value of a name in place of all that it had; where the first stood, or at the end.</summary>
    /// <param name="name">A comment name; case does not matter.</param>
    /// <param name="value">Any text.</param>
    /// <exception cref="ArgumentException">The name is not valid; see <see cref="OpusComment.IsValidName"/>.</exception>
    public OpusTags With(string name, string value)
    {
        var comment = Checked(name, value);
        var at = Array.FindIndex(Texts.Comments, other => IsNamed(other, name));
        if (at < 0)
            return Changed([.. Texts.Comments, comment]);
        var others = Texts.Comments.Skip(at + 1).Where(other => !IsNamed(other, name));
        return Changed([.. Texts.Comments.Take(at), comment, .. others]);
    }

    /// <summary>These tags with one more value of a name, at the end.</summary>
    /// <param name="name">A comment name.</param>
    /// <param name="value">Any text.</param>
    /// <exception cref="ArgumentException">The name is not valid; see <see cref="OpusComment.IsValidName"/>.</exception>
    public OpusTags Add(string name, string value) => Changed([.. Texts.Comments, Checked(name, value)]);

    /// <summary>These tags with one more picture, at the end.</summary>
    /// <param name="picture">The picture.</param>
    internal OpusTags Add(OpusPicture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return Add(OpusTagNames.MetadataBlockPicture, picture.ToBase64());
    }

    /// <summary>These tags without any value of a name.</summary>
    /// <param name="name">A comment name; case does not matter.</param>
    public OpusTags Without(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Changed([.. Texts.Comments.Where(comment => !IsNamed(comment, name))]);
    }

    /// <summary>These tags with another track gain.</summary>
    /// <param name="gain">A gain in 1/256 dB; null for none.</param>
    public OpusTags WithTrackGain(short? gain) => WithGain(OpusTagNames.R128TrackGain, gain);

    /// <summary>These tags with another album gain.</summary>
    /// <param name="gain">A gain in 1/256 dB; null for none.</param>
    public OpusTags WithAlbumGain(short? gain) => WithGain(OpusTagNames.R128AlbumGain, gain);

    /// <summary>Reads the packet, which begins with <see cref="Magic"/>. Takes no more memory than it.</summary>
    /// <param name="packet">The whole packet.</param>
    /// <param name="fault">
    /// What is wrong with it, for a message; null when nothing is. What could be read is there all the same.
    /// </param>
    internal static OpusTags Parse(ReadOnlySpan<byte> packet, out string? fault)
    {
        var reading = OpusTagsReading.Read(packet, null);
        fault = reading.Fault;
        if (!reading.HasVendor)
            return new OpusTags("", Array.Empty<OpusComment>());

        // §5.2: an even first byte makes all of the rest padding.
        var rest = packet[reading.End..];
        var isKept = rest.Length > 0 && (rest[0] & 1) != 0;
        var copy = (isKept ? packet : packet[..reading.End]).ToArray();
        return new OpusTags(copy, reading.CommentCount)
        {
            BinaryData = isKept ? copy.AsMemory(reading.End) : default,
            PaddingSize = isKept || !reading.HasEnd ? 0 : rest.Length,
            Fault = fault,
        };
    }

    /// <summary>
    /// The tags without what tells of people and places: the vendor, and what players need to know of the loudness.
    /// </summary>
    internal OpusTags WithoutPrivate() => new OpusTags(Vendor).WithTrackGain(TrackGain).WithAlbumGain(AlbumGain);

    /// <summary>Whether these are the tags of a packet; false also when that is not known any more.</summary>
    internal bool IsOf(ReadOnlySpan<byte> packet)
    {
        var own = Volatile.Read(ref _packet);
        return own is not null
            && packet.Length == own.Length + PaddingSize
            && packet.StartsWith(own)
            && (PaddingSize == 0 || (packet[own.Length] & 1) == 0);
    }

    /// <summary>These tags with all text in UTF-8 (RFC 7845 §5.2): what is none has become U+FFFD where it is not.</summary>
    internal OpusTags InUtf8() =>
        new(Texts with { VendorBytes = Encoding.UTF8.GetBytes(Texts.Vendor), Foreign = [] }) { BinaryData = BinaryData };

    /// <summary>The packet.</summary>
    /// <param name="padding">Zeros behind the comments.</param>
    /// <exception cref="ArgumentException">There is padding and <see cref="BinaryData"/>, whose place it would take.</exception>
    internal byte[] ToPacket(int padding = 0)
    {
        if (padding > 0 && !BinaryData.IsEmpty)
            throw new ArgumentException("Binary data leaves no place for padding.", nameof(padding));
        var (_, vendor, comments, _) = Texts;
        var foreign = Texts.FindForeign();
        var size = Magic.Length + 2 * sizeof(uint) + vendor.Length;
        for (var i = 0; i < comments.Length; i++)
            size += sizeof(uint) + (foreign[i]?.Length ?? SizeOf(comments[i]));

        var packet = new byte[size + BinaryData.Length + padding];
        Magic.CopyTo(packet);
        var rest = packet.AsSpan(Magic.Length);
        WriteBytes(ref rest, vendor);
        WriteNumber(ref rest, comments.Length);
        for (var i = 0; i < comments.Length; i++)
        {
            if (foreign[i] is { } bytes)
                WriteBytes(ref rest, bytes);
            else
                WriteComment(ref rest, comments[i]);
        }

        BinaryData.Span.CopyTo(rest);
        return packet;
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

    private OpusTags Changed(OpusComment[] comments) => new(Texts with { Comments = comments }) { BinaryData = BinaryData };

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

    // Two threads may make the same texts: the packet is given up only when there are some.
    private Content MakeTexts()
    {
        if (Volatile.Read(ref _packet) is not { } packet)
            return _content!;
        var comments = new List<(OpusComment Comment, byte[]? Bytes)>(CommentCount);
        var vendor = OpusTagsReading.Read(packet, comments).ReadVendor(packet);
        _content = new Content(
            Encoding.UTF8.GetString(vendor),
            vendor,
            [.. comments.Select(entry => entry.Comment)],
            [.. comments.Where(entry => entry.Bytes is not null).Select(entry => (entry.Comment, entry.Bytes!))]);
        Volatile.Write(ref _packet, null);
        return _content;
    }

    private static int SizeOf(OpusComment comment) =>
        Encoding.UTF8.GetByteCount(comment.Name) + 1 + Encoding.UTF8.GetByteCount(comment.Value);

    private static void WriteComment(ref Span<byte> rest, OpusComment comment)
    {
        WriteNumber(ref rest, SizeOf(comment));
        rest = rest[Encoding.UTF8.GetBytes(comment.Name, rest)..];
        rest[0] = (byte)'=';
        rest = rest[1..];
        rest = rest[Encoding.UTF8.GetBytes(comment.Value, rest)..];
    }

    private static void WriteBytes(ref Span<byte> rest, byte[] bytes)
    {
        WriteNumber(ref rest, bytes.Length);
        bytes.CopyTo(rest);
        rest = rest[bytes.Length..];
    }

    private static void WriteNumber(ref Span<byte> rest, int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, number);
        rest = rest[sizeof(uint)..];
    }

    /// <param name="Vendor">The vendor string.</param>
    /// <param name="VendorBytes">Its bytes, which may be no UTF-8.</param>
    /// <param name="Comments">The comments.</param>
    /// <param name="Foreign">The bytes of comments of the file that are no UTF-8, for those that are still there.</param>
    private sealed record Content(
        string Vendor, byte[] VendorBytes, OpusComment[] Comments, (OpusComment Comment, byte[] Bytes)[] Foreign)
    {
        /// <summary>For each comment its bytes if they are no UTF-8: comments that look alike keep their order.</summary>
        public byte[]?[] FindForeign()
        {
            var found = new byte[]?[Comments.Length];
            if (Foreign.Length == 0)
                return found;
            var left = Foreign.GroupBy(entry => entry.Comment)
                .ToDictionary(group => group.Key, group => new Queue<byte[]>(group.Select(entry => entry.Bytes)));
            for (var i = 0; i < found.Length; i++)
                found[i] = left.TryGetValue(Comments[i], out var bytes) && bytes.Count > 0 ? bytes.Dequeue() : null;
            return found;
        }
    }
}
