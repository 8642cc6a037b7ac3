using System.Buffers.Binary;

namespace VoiceKit.Ogg;

/// <summary>
/// Puts the packets of one logical stream into pages (RFC 3533 §6). One page is under construction at a time; the caller decides
/// when it ends. Finished pages gather in <see cref="Output"/>.
/// </summary>
internal sealed class OggPageBuilder(uint serial, uint firstSequence = 0)
{
    private readonly byte[] _lacing = new byte[OggPage.MaxSegments];

    // Finished pages, room for the longest header, and the body of the page that is under construction. A second of speech takes
    // some 3 kB; the buffer grows to what is needed.
    private byte[] _buffer = new byte[8192];
    private int _outputStart;
    private int _outputEnd;
    private int _bodyStart = OggPage.MaxHeaderSize;
    private int _bodyEnd = OggPage.MaxHeaderSize;
    private int _segments;
    private readonly uint _firstSequence = firstSequence;
    private uint _sequence = firstSequence;
    private bool _isContinued;

    /// <summary>How many pages were finished.</summary>
    public uint PageCount => _sequence - _firstSequence;

    /// <summary>Whether nothing was added since the last page ended.</summary>
    public bool IsEmpty => _segments == 0;

    /// <summary>Whether there are finished pages that were not yet taken with <see cref="ClearOutput"/>.</summary>
    public bool HasOutput => _outputEnd != _outputStart;

    /// <summary>The finished pages that were not yet taken with <see cref="ClearOutput"/>. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Output => _buffer.AsMemory(_outputStart, _outputEnd - _outputStart);

    /// <summary>Whether a whole packet fits on the page that is under construction.</summary>
    public bool Fits(int packetSize) => SegmentsOf(packetSize) <= OggPage.MaxSegments - _segments;

    /// <summary>Whether a whole packet fits on a page without any other.</summary>
    public static bool FitsOnOnePage(int packetSize) => SegmentsOf(packetSize) <= OggPage.MaxSegments;

    /// <summary>Adds a packet, or as much of it as fits.</summary>
    /// <param name="packet">The packet, or what is left of it.</param>
    /// <returns>How many bytes were taken and whether the packet ends on this page. If it does not, the page is full.</returns>
    public (int Taken, bool IsWhole) Add(ReadOnlySpan<byte> packet)
    {
        if (TryAddSegment(packet))
            return (packet.Length, true);

        var room = OggPage.MaxSegments - _segments;
        var isWhole = SegmentsOf(packet.Length) <= room;
        var taken = isWhole ? packet.Length : room * 255;
        Reserve(taken);
        packet[..taken].CopyTo(_buffer.AsSpan(_bodyEnd));
        _bodyEnd += taken;

        var full = taken / 255;
        _lacing.AsSpan(_segments, full).Fill(255);
        _segments += full;
        if (isWhole)
            _lacing[_segments++] = (byte)(taken % 255);
        return (taken, isWhole);
    }

    /// <summary>Adds a packet that is a single segment, as most of speech are.</summary>
    /// <returns>Whether it was one and fits on the page that is under construction.</returns>
    public bool TryAddSegment(ReadOnlySpan<byte> packet)
    {
        var lacing = _lacing;
        var segments = _segments;
        if (packet.Length >= 255 || (uint)segments >= (uint)lacing.Length)
            return false;
        if (packet.Length > _buffer.Length - _bodyEnd)
            Grow(packet.Length);
        packet.CopyTo(_buffer.AsSpan(_bodyEnd));
        _bodyEnd += packet.Length;
        lacing[segments] = (byte)packet.Length;
        _segments = segments + 1;
        return true;
    }

    /// <summary>Ends the page.</summary>
    /// <param name="granule">Its granule position, <see cref="OggPage.NoGranule"/> when no packet ends on it.</param>
    /// <param name="flags">First or last; whether it is continued is known here.</param>
    /// <param name="nextIsContinued">Whether the next page begins with the rest of a packet.</param>
    /// <returns>The page's bytes, which are part of the output now. Valid until the next call.</returns>
    public ReadOnlySpan<byte> End(long granule, OggPageFlags flags, bool nextIsContinued = false)
    {
        var page = CloseUp();
        WriteHeader(page, granule, flags);
        _sequence++;
        _segments = 0;
        _isContinued = nextIsContinued;
        BeginBody();
        return page;
    }

    /// <summary>How large the page that is under construction is.</summary>
    public int PageSize => OggPage.HeaderSize + _segments + _bodyEnd - _bodyStart;

    /// <summary>Gives the page that is under construction as it would be if it ended here. Nothing changes.</summary>
    /// <param name="granule">Its granule position.</param>
    /// <param name="flags">First or last.</param>
    public byte[] Preview(long granule, OggPageFlags flags)
    {
        var page = new byte[PageSize];
        _buffer.AsSpan(_bodyStart, _bodyEnd - _bodyStart).CopyTo(page.AsSpan(OggPage.HeaderSize + _segments));
        WriteHeader(page, granule, flags);
        return page;
    }

    /// <summary>Ends the page before the last packet on it, which goes to the next page.</summary>
    /// <param name="size">The last packet's size; it began on this page.</param>
    /// <param name="granule">The granule position of the page without it.</param>
    /// <returns>False, and nothing is done, when it is the only one.</returns>
    public bool EndBeforeLast(int size, long granule)
    {
        if (_segments <= SegmentsOf(size))
            return false;
        _segments -= SegmentsOf(size);
        _bodyEnd -= size;

        // Still in place when it is added again: pages are closed up towards the front of the buffer.
        var last = _buffer.AsSpan(_bodyEnd, size);
        End(granule, OggPageFlags.None);
        Add(last);
        return true;
    }

    /// <summary>Forgets the finished pages.</summary>
    public void ClearOutput()
    {
        _outputStart = _outputEnd = 0;
        var size = _bodyEnd - _bodyStart;
        _buffer.AsSpan(_bodyStart, size).CopyTo(_buffer.AsSpan(OggPage.MaxHeaderSize));
        BeginBody();
        _bodyEnd += size;
    }

    // Makes one piece of the finished pages and the page that ends: the header has its size only now.
    private Span<byte> CloseUp()
    {
        var headerSize = OggPage.HeaderSize + _segments;
        var bodySize = _bodyEnd - _bodyStart;
        if (!HasOutput)
            _outputStart = _outputEnd = _bodyStart - headerSize;
        else
            _buffer.AsSpan(_bodyStart, bodySize).CopyTo(_buffer.AsSpan(_outputEnd + headerSize));
        var page = _buffer.AsSpan(_outputEnd, headerSize + bodySize);
        _outputEnd += page.Length;
        return page;
    }

    private void WriteHeader(Span<byte> page, long granule, OggPageFlags flags)
    {
        OggPage.CapturePattern.CopyTo(page);
        page[OggPage.VersionAt] = 0;
        page[OggPage.FlagsAt] = (byte)(_isContinued ? flags | OggPageFlags.Continued : flags);
        BinaryPrimitives.WriteInt64LittleEndian(page[OggPage.GranuleAt..], granule);
        BinaryPrimitives.WriteUInt32LittleEndian(page[OggPage.SerialAt..], serial);
        BinaryPrimitives.WriteUInt32LittleEndian(page[OggPage.SequenceAt..], _sequence);
        page[OggPage.SegmentCountAt] = (byte)_segments;
        _lacing.AsSpan(0, _segments).CopyTo(page[OggPage.HeaderSize..]);
        BinaryPrimitives.WriteUInt32LittleEndian(page[OggPage.ChecksumAt..], OggPage.ComputeChecksum(page));
    }

    private void BeginBody()
    {
        _bodyStart = _bodyEnd = _outputEnd + OggPage.MaxHeaderSize;
        Reserve(0);
    }

    private void Reserve(int size)
    {
        if (size > _buffer.Length - _bodyEnd)
            Grow(size);
    }

    private void Grow(int size) => Array.Resize(ref _buffer, Math.Max(_bodyEnd + size, 2 * _buffer.Length));

    // A packet whose size is a multiple of 255 ends with a segment of 0.
    private static int SegmentsOf(int packetSize) => packetSize / 255 + 1;
}
