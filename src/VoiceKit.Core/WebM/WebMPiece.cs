using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.WebM;

/// <summary>
/// A piece of WebM without its beginning, such as one of the chunks that a browser's recorder hands out: blocks with nothing that
/// says what they are. Their packets tell.
/// </summary>
internal sealed class WebMPiece
{
    /// <summary>How far into the input is looked for blocks.</summary>
    private const int LookSize = 64 * 1024;

    /// <summary>So many blocks behind each other are no accident.</summary>
    private const int EnoughBlocks = 3;

    private const byte MostTracks = 126;
    private const byte LacingFlags = 0b110;

    private readonly int _offset;
    private readonly byte _track;
    private readonly OpusHead _head;

    private WebMPiece(int offset, byte track, OpusHead head)
    {
        _offset = offset;
        _track = track;
        _head = head;
    }

    /// <summary>Looks for blocks of Opus in an input that begins neither with WebM's header nor as another container.</summary>
    /// <param name="stream">The input. Left where it stands; one that cannot seek is not looked into.</param>
    /// <returns>The piece; null where there is none.</returns>
    /// <param name="isAsync">Whether the input is read asynchronously; otherwise the task is complete.</param>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    public static async ValueTask<WebMPiece?> Find(Stream stream, bool isAsync, CancellationToken cancellationToken)
    {
        if (!stream.CanSeek)
            return null;
        var start = stream.Position;
        var data = new byte[Math.Clamp(stream.Length - start, 0, LookSize)];
        var count = isAsync
            ? await stream.ReadAtLeastAsync(data, data.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false)
            : stream.ReadAtLeast(data, data.Length, throwOnEndOfStream: false);
        stream.Position = start;
        return HasOtherStart(data.AsSpan(0, count)) ? null : Find(data.AsSpan(0, count), isWhole: stream.Length - start <= count);
    }

    /// <summary>Opens the piece behind a header that is made for it.</summary>
    /// <param name="stream">The input, from where it stood when the piece was found.</param>
    /// <param name="options">How to read.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    public WebMOpusReader Open(Stream stream, OpusReaderOptions options, bool leaveOpen) =>
        Told(WebMOpusReader.Open(Whole(stream, leaveOpen), options));

    /// <summary>Opens the piece, as <see cref="Open"/> does. Never blocks on the input.</summary>
    /// <param name="stream">The input, from where it stood when the piece was found.</param>
    /// <param name="options">How to read.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    public async Task<WebMOpusReader> OpenAsync(
        Stream stream, OpusReaderOptions options, bool leaveOpen, CancellationToken cancellationToken) =>
        Told(await WebMOpusReader
            .OpenAsync(Whole(stream, leaveOpen), options, cancellationToken: cancellationToken).ConfigureAwait(false));

    private PrefixStream Whole(Stream stream, bool leaveOpen)
    {
        var builder = new EbmlBuilder();
        new MatroskaHeader(_head, OpusTags.Empty, _track, isPatched: false).WriteTo(builder);
        builder.WriteOpenStart(EbmlId.Cluster, EbmlHeader.UnknownSize);
        builder.WriteNumber(EbmlId.Timestamp, 0);
        stream.Position += _offset;
        return new PrefixStream(builder.Written, stream, leaveOpen);
    }

    private WebMOpusReader Told(WebMOpusReader reader)
    {
        reader.AddDefect(OpusDefectKind.BadHead, OpusLostHead.Describe(_head));
        return reader;
    }

    private static bool HasOtherStart(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("OggS"u8) || bytes.StartsWith("RIFF"u8) || bytes.StartsWith("caff"u8)
        || bytes.IndexOf<byte>([0x1A, 0x45, 0xDF, 0xA3]) >= 0;

    private static WebMPiece? Find(ReadOnlySpan<byte> bytes, bool isWhole)
    {
        for (var at = 0; at < bytes.Length; at++)
        {
            var next = bytes[at..].IndexOf((byte)EbmlId.SimpleBlock);
            if (next < 0)
                return null;
            at += next;
            if (TryReadBlocks(bytes[at..], isWhole, out var track, out var head))
                return new WebMPiece(at, track, head);
        }

        return null;
    }

    // A run of blocks of one track, each of which ends where another element begins.
    private static bool TryReadBlocks(ReadOnlySpan<byte> bytes, bool isWhole, out byte track, out OpusHead head)
    {
        var lost = new OpusLostHead();
        track = 0;
        while (lost.PacketCount < EnoughBlocks && TryReadBlock(bytes, ref track, out var packet, out var length))
        {
            lost.Add(packet);
            bytes = bytes[length..];
        }

        var isRun = lost.PacketCount == EnoughBlocks || (lost.PacketCount > 0 && isWhole && bytes.IsEmpty);
        head = isRun && lost.IsOpus ? lost.ToHead() : null!;
        return head is not null;
    }

    private static bool TryReadBlock(ReadOnlySpan<byte> bytes, ref byte track, out ReadOnlySpan<byte> packet, out int length)
    {
        packet = default;
        length = 0;
        if (bytes.IsEmpty || bytes[0] != EbmlId.SimpleBlock
            || EbmlHeader.Read(bytes, EbmlHeader.DefaultMaxIdLength, out var element) != EbmlStatus.Valid
            || element.DataSize < 5 || element.DataSize > bytes.Length - element.Length)
        {
            return false;
        }

        length = element.Length + (int)element.DataSize;
        var block = bytes[element.Length..length];
        if (!MatroskaBlock.TryReadHeader(block, out var number, out _, out var header)
            || number is <= 0 or > MostTracks || (track != 0 && track != number) || (block[header - 1] & LacingFlags) != 0)
        {
            return false;
        }

        track = (byte)number;
        packet = block[header..];
        return !packet.IsEmpty;
    }
}
