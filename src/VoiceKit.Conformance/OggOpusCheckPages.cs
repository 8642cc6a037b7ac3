using System.Buffers;
using System.Buffers.Binary;
using VoiceKit.Audio;
using VoiceKit.Ogg;

namespace VoiceKit.Conformance;

/// <summary>
/// Finds all pages, broken ones too, and says what is wrong with them and between them. Unlike <see cref="OggPageSync"/>, which
/// drops a broken page, it shows one whose place is beyond doubt: one wrong byte is not taken for a missing page as well.
/// </summary>
internal sealed class OggOpusCheckPages(OggOpusCheckLog log) : IDisposable
{
    private const int BufferSize = 128 * 1024;

    // How many bytes may be checksummed in vain: so many, and so many times the bytes read.
    private const long FreeWaste = 4 * 1024 * 1024;
    private const long WasteFactor = 16;

    private readonly byte[] _leadingBytes = new byte[MediaNames.Length];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _leadingCount;
    private int _start;
    private int _end;
    private int _pageSize;
    private long _bufferOffset;
    private bool _isComplete;
    private long _wasted;

    // Bytes between pages: where they start, and whether they are what is left of a broken page.
    private long _junkStart = -1;
    private bool _isExplained;

    /// <summary>The current page. Valid until the next call of <see cref="GetFreeSpace"/> or <see cref="Next"/>.</summary>
    public OggPage Page => new(_buffer.AsSpan(_start, _pageSize));

    /// <summary>The current page's offset; at the end, the length of the input.</summary>
    public long Offset => _bufferOffset + _start;

    /// <summary>Whether the current page has a wrong checksum; which of its fields are right is not known.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>How many pages were found.</summary>
    public long Count { get; private set; }

    /// <summary>The serial number of the page within which the input ends.</summary>
    public uint? TruncatedSerial { get; private set; }

    /// <summary>The first bytes of the input.</summary>
    public ReadOnlySpan<byte> LeadingBytes => _leadingBytes.AsSpan(0, _leadingCount);

    private ReadOnlySpan<byte> Rest => _buffer.AsSpan(_start, _end - _start);

    private bool IsInStep => _junkStart < 0 && !_isExplained;

    /// <summary>Room for more bytes; at least one. Gives up the current page.</summary>
    public Memory<byte> GetFreeSpace()
    {
        DropPage();
        if (_start > 0)
        {
            Rest.CopyTo(_buffer);
            _bufferOffset += _start;
            _end -= _start;
            _start = 0;
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Announces bytes put into the free space; none means that the input has ended.</summary>
    public void Advance(int count)
    {
        var leading = Math.Min(count, _leadingBytes.Length - _leadingCount);
        _buffer.AsSpan(_end, leading).CopyTo(_leadingBytes.AsSpan(_leadingCount));
        _leadingCount += leading;
        _end += count;
        _isComplete = count == 0;
    }

    /// <summary>Goes to the next page.</summary>
    public OggSyncStatus Next()
    {
        DropPage();
        while (SkipToCapture())
        {
            switch (ReadPage(out var size))
            {
                case OggPageStatus.Valid:
                    Accept(size);
                    CheckHeader();
                    return OggSyncStatus.Page;

                case OggPageStatus.Incomplete when !_isComplete:
                    return OggSyncStatus.NeedData;

                case OggPageStatus.Incomplete:
                    ReportTruncated(size);
                    break;

                case OggPageStatus.BadChecksum when IsFollowedByPage(size):
                    Accept(size);
                    IsDamaged = true;
                    ReportChecksum();
                    return OggSyncStatus.Page;

                default:
                    GetPastBadPage(size);
                    break;
            }
        }

        if (!_isComplete)
            return OggSyncStatus.NeedData;
        if (Count > 0)
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

    private bool SkipToCapture()
    {
        var at = Rest.IndexOf(OggPage.CapturePattern);
        if (at >= 0)
        {
            Skip(at);
            return true;
        }

        // The last bytes may be the start of a capture pattern whose rest has yet to come.
        Skip(_isComplete ? Rest.Length : Math.Max(0, Rest.Length - (OggPage.CapturePattern.Length - 1)));
        return false;
    }

    // Takes a page of any version and any flags for one. Of an incomplete page the size is what is known of it.
    private OggPageStatus ReadPage(out int size)
    {
        var data = Rest;
        size = OggPage.HeaderSize;
        if (data.Length < size)
            return OggPageStatus.Incomplete;
        size += data[OggPage.SegmentCountAt];
        if (data.Length < size)
            return OggPageStatus.Incomplete;

        foreach (var value in data[OggPage.HeaderSize..size])
            size += value;
        if (data.Length < size || (data.Length < size + OggPage.CapturePattern.Length && !_isComplete))
            return OggPageStatus.Incomplete;
        return OggPage.ComputeChecksum(data[..size]) == BinaryPrimitives.ReadUInt32LittleEndian(data[OggPage.ChecksumAt..])
            ? OggPageStatus.Valid
            : OggPageStatus.BadChecksum;
    }

    private bool IsFollowedByPage(int size) => Rest.Length == size || Rest[size..].StartsWith(OggPage.CapturePattern);

    private void Accept(int size)
    {
        ReportJunk();
        _isExplained = false;
        IsDamaged = false;
        _pageSize = size;
        Count++;
    }

    private void CheckHeader()
    {
        var (version, flags) = (Page.Data[OggPage.VersionAt], Page.Data[OggPage.FlagsAt]);
        if (version != 0)
        {
            log.Add(
                OggOpusCheckRule.PageVersion,
                Offset + OggPage.VersionAt,
                $"The page has version {version}; there is only version 0.");
        }

        if (flags > 7)
        {
            log.Add(
                OggOpusCheckRule.PageFlags,
                Offset + OggPage.FlagsAt,
                $"The page has flags 0x{flags:X2}; only 0x07 are defined.");
        }
    }

    private void ReportChecksum()
    {
        var written = BinaryPrimitives.ReadUInt32LittleEndian(Page.Data[OggPage.ChecksumAt..]);
        var right = OggPage.ComputeChecksum(Page.Data);
        log.Add(
            OggOpusCheckRule.PageChecksum,
            Offset,
            $"Page {Page.Sequence} has the checksum 0x{written:X8}; its bytes give 0x{right:X8}.");
    }

    // The end of the page is not where its header says, or this is a capture pattern by chance: the search goes on behind it.
    private void GetPastBadPage(int size)
    {
        if (IsInStep)
        {
            log.Add(
                OggOpusCheckRule.PageChecksum,
                Offset,
                $"A page that does not have the {size} bytes of its header, or a wrong checksum.");
        }

        _isExplained |= _junkStart < 0;
        _wasted += size;
        Skip(_wasted > FreeWaste + WasteFactor * Offset ? size : 1);
    }

    private void ReportTruncated(int size)
    {
        if (IsInStep)
        {
            log.Add(
                OggOpusCheckRule.PageTruncated,
                Offset,
                $"The input ends within a page: {Rest.Length} of {size} bytes or more are there.");
            if (Rest.Length >= OggPage.SequenceAt)
                TruncatedSerial = new OggPage(Rest).Serial;
        }

        _isExplained |= _junkStart < 0;
        Skip(1);
    }

    private void DropPage()
    {
        _start += _pageSize;
        _pageSize = 0;
    }

    private void Skip(int count)
    {
        if (count > 0 && IsInStep)
            _junkStart = Offset;
        _start += count;
    }

    private void ReportJunk()
    {
        if (_junkStart < 0)
            return;
        log.Add(OggOpusCheckRule.Junk, _junkStart, $"{Offset - _junkStart} bytes that belong to no page.");
        _junkStart = -1;
    }
}
