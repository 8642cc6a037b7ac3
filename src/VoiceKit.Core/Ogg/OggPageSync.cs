using System.Buffers;
using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>
/// Finds pages in bytes that arrive piece by piece, and gets past whatever is no page. It does no I/O: bytes are put into
/// <see cref="GetFreeSpace"/> and announced with <see cref="Advance"/>.
/// </summary>
internal sealed class OggPageSync(OpusDefectLog defects) : IDisposable
{
    private const int BufferSize = 128 * 1024;

    // How many bytes may be checksummed in vain: so many, and so many times the bytes read. Capture patterns close behind each
    // other, each the head of a false page of 64 KiB, would cost ten thousand times the bytes.
    private const long FreeWaste = 4 * 1024 * 1024;
    private const long WasteFactor = 16;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _start;
    private int _end;
    private int _pageSize;
    private long _bufferOffset;
    private bool _isComplete;
    private long _junkStart = -1;
    private bool _junkIsExplained;
    private long _wasted;

    public delegate void SkippedBytesHandler(ReadOnlySpan<byte> bytes);

    /// <summary>The current page. Valid until the next call of <see cref="GetFreeSpace"/> or <see cref="Next"/>.</summary>
    public OggPage Page => new(_buffer.AsSpan(_start, _pageSize));

    /// <summary>A part of the current page.</summary>
    public ReadOnlySpan<byte> Slice(int start, int length) => new(_buffer, _start + start, length);

    /// <summary>The current page's offset in the input.</summary>
    public long PageOffset => _bufferOffset + _start;

    /// <summary>How many pages were found.</summary>
    public long PageCount { get; private set; }

    /// <summary>How many bytes of the input are behind the search.</summary>
    public long Consumed => _bufferOffset + _start + _pageSize;

    /// <summary>The bytes that are there but not yet searched.</summary>
    public ReadOnlySpan<byte> Pending => _buffer.AsSpan(_start + _pageSize, _end - _start - _pageSize);

    /// <summary>
    /// Whether a page with a wrong checksum is given all the same when it holds an OpusHead: without one there is nothing to
    /// play.
    /// </summary>
    public bool AcceptsBadPage { get; set; }

    /// <summary>
    /// The serial number of a stream whose pages are taken even when their checksum is wrong, as long as another page follows
    /// each, and as far as they go when the input ends within them; null for none.
    /// </summary>
    public uint? Salvaged { get; set; }

    /// <summary>
    /// How the checksums of the stream are wrong, all alike: pages whose checksum is wrong in this way are given.
    /// </summary>
    public OggCrcMistake Mistake { get; set; }

    /// <summary>Whether <see cref="Mistake"/> is found out from the first pages of a stream.</summary>
    public bool FindsMistake { get; init; } = true;

    /// <summary>
    /// Whether the current page is cut off: some of its packets are missing, and its granule position counts them.
    /// </summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Is told of all bytes that belong to no page, in their order among the pages.</summary>
    public SkippedBytesHandler? Skipped { get; init; }

    /// <summary>Room for more bytes; at least one. Gives up the current page.</summary>
    public Memory<byte> GetFreeSpace()
    {
        DropPage();
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _bufferOffset += _start;
            _end -= _start;
            _start = 0;
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Announces bytes put into the free space; none means that the input has ended.</summary>
    public void Advance(int count)
    {
        _end += count;
        _isComplete = count == 0;
    }

    /// <summary>Forgets what is there: the next bytes stand at another offset of the input.</summary>
    public void Seek(long offset)
    {
        _start = _end = _pageSize = 0;
        _bufferOffset = offset;
        _isComplete = false;
        _junkStart = -1;
        _junkIsExplained = false;
    }

    /// <summary>Goes to the next page.</summary>
    public OggSyncStatus Next()
    {
        DropPage();
        while (SkipToCapture())
        {
            switch (OggPage.Read(_buffer.AsSpan(_start, _end - _start), out var page))
            {
                case OggPageStatus.Valid:
                    Accept(page);
                    return OggSyncStatus.Page;

                case OggPageStatus.Incomplete when !_isComplete:
                    return OggSyncStatus.NeedData;

                case OggPageStatus.Incomplete:
                    ReportJunk();
                    defects.Add(PageOffset, OpusDefectKind.Truncated, "The input ends within a page.");
                    if (TryCutOff())
                        return OggSyncStatus.Page;
                    SkipExplained(1);
                    break;

                case OggPageStatus.BadChecksum when NeedsNext(page):
                    return OggSyncStatus.NeedData;

                case OggPageStatus.BadChecksum when IsByMistake(page):
                    Accept(page);
                    return OggSyncStatus.Page;

                case OggPageStatus.BadChecksum:
                    ReportJunk();
                    defects.Add(PageOffset, OpusDefectKind.BadChecksum, $"Page {page.Sequence} has a wrong checksum.");
                    if ((AcceptsBadPage && page.HasOpusHead) || (page.Serial == Salvaged && IsFollowed(page)))
                    {
                        Accept(page);
                        return OggSyncStatus.Page;
                    }

                    SkipExplained(BadPageStep(page));
                    break;

                default:
                    Skip(1);
                    break;
            }
        }

        if (!_isComplete)
            return OggSyncStatus.NeedData;
        ReportJunk();
        return OggSyncStatus.End;
    }

    public void Dispose()
    {
        if (_buffer.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _end = _pageSize = 0;
    }

    private void Accept(OggPage page)
    {
        ReportJunk();
        _junkIsExplained = false;
        _pageSize = page.Data.Length;
        PageCount++;
    }

    // Without a checksum of its own, a page is told by the one behind it.
    private bool NeedsNext(OggPage page) => !_isComplete && IsAtEnd(page)
        && (page.Serial == Salvaged || (OggCrcMistakes.HasNone(page) && MayHaveNone(page)));

    private bool MayHaveNone(OggPage page) => OggCrcMistakes.IsNone(Mistake) || MayShowMistake(page);

    private bool IsByMistake(OggPage page)
    {
        var mistake = MayShowMistake(page) ? OggCrcMistakes.Find(page)
            : OggCrcMistakes.IsOf(page, Mistake) ? Mistake
            : OggCrcMistake.None;
        if (mistake == OggCrcMistake.None || (OggCrcMistakes.IsNone(mistake) && !IsFollowed(page)))
            return false;
        if (mistake != Mistake)
            defects.Add(PageOffset, OpusDefectKind.BadChecksum, OggCrcMistakes.Describe(mistake));
        Mistake = mistake;
        return true;
    }

    // Some muxers have the headers ready made, with right checksums.
    private bool MayShowMistake(OggPage page) =>
        FindsMistake
        && (page.HasOpusHead || (PageCount is 1 or 2 && Mistake == OggCrcMistake.None && OggCrcMistakes.HasNone(page)));

    private bool IsAtEnd(OggPage page) => _end - _start - page.Data.Length < OggPage.CapturePattern.Length;

    private bool IsFollowed(OggPage page)
    {
        var rest = _buffer.AsSpan(_start + page.Data.Length, _end - _start - page.Data.Length);
        return rest.IsEmpty || rest.StartsWith(OggPage.CapturePattern);
    }

    // Makes a page of the packets that are whole: fewer segments, and the header moved up to them.
    private bool TryCutOff()
    {
        var data = _buffer.AsSpan(_start, _end - _start);
        if (data.Length < OggPage.HeaderSize || new OggPage(data).Serial != Salvaged)
            return false;
        int segments = data[OggPage.SegmentCountAt];
        var body = OggPage.HeaderSize + segments;
        if (data.Length <= body)
            return false;

        var (kept, keptSize) = WholePackets(data[OggPage.HeaderSize..body], data.Length - body);
        if (kept == 0)
            return false;
        data[OggPage.SegmentCountAt] = (byte)kept;
        data[..(OggPage.HeaderSize + kept)].CopyTo(data[(segments - kept)..]);
        _start += segments - kept;
        ReportJunk();
        _junkIsExplained = true;
        _pageSize = OggPage.HeaderSize + kept + keptSize;
        IsCutOff = true;
        PageCount++;
        return true;
    }

    private static (int Segments, int Size) WholePackets(ReadOnlySpan<byte> lacing, int available)
    {
        int kept = 0, keptSize = 0, size = 0;
        for (var segment = 0; segment < lacing.Length; segment++)
        {
            size += lacing[segment];
            if (size > available)
                break;
            if (lacing[segment] < 255)
                (kept, keptSize) = (segment + 1, size);
        }

        return (kept, keptSize);
    }

    private void DropPage()
    {
        IsCutOff = false;
        _start += _pageSize;
        _pageSize = 0;
    }

    private bool SkipToCapture()
    {
        var data = _buffer.AsSpan(_start, _end - _start);
        var at = data.IndexOf(OggPage.CapturePattern);
        if (at >= 0)
        {
            Skip(at);
            return true;
        }

        // The last bytes may be the start of a capture pattern whose rest has yet to come.
        Skip(_isComplete ? data.Length : Math.Max(0, data.Length - (OggPage.CapturePattern.Length - 1)));
        return false;
    }

    // What looks like a broken page may be a capture pattern within other data: the search goes on just behind it, unless too
    // many of them were false.
    private int BadPageStep(OggPage page)
    {
        _wasted += page.Data.Length;
        return _wasted > FreeWaste + WasteFactor * Consumed ? page.Data.Length : 1;
    }

    private void SkipExplained(int count)
    {
        _junkIsExplained = true;
        Skip(count);
    }

    private void Skip(int count)
    {
        if (count > 0)
            Skipped?.Invoke(_buffer.AsSpan(_start, count));
        if (count > 0 && _junkStart < 0 && !_junkIsExplained)
            _junkStart = PageOffset;
        _start += count;
    }

    private void ReportJunk()
    {
        if (_junkStart < 0)
            return;
        var start = _junkStart;
        _junkStart = -1;
        defects.Add(start, OpusDefectKind.Junk, $"{PageOffset - start} bytes that are no Ogg page.");
    }
}
