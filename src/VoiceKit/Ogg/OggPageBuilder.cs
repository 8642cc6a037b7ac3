using System.Buffers.Binary;

namespace VoiceKit.Ogg;

/// <summary>
/// Puts the packets of one logical stream into pages (RFC 3533 §6). One page is under construction at a time; the caller decides
/// when it ends.
/// </summary>
internal sealed class OggPageBuilder(uint serial, uint firstSequence = 0)
{
    private readonly byte[] _lacing = new byte[OggPage.MaxSegments];

    // The body stands behind room for the longest header; the header is put right before it when the page ends. A second of speech
    // takes some 3 kB; the buffer grows to what the largest page takes.
    private byte[] _buffer = new byte[4096];
    private int _segments;
    private int _bodySize;
    private uint _sequence = firstSequence;
    private bool _isContinued;

    /// <summary>Whether nothing was added since the last page ended.</summary>
    public bool IsEmpty => _segments == 0;

    /// <summary>Whether a whole packet fits on the page that is under construction.</summary>
    public bool Fits(int packetSize) => SegmentsOf(packetSize) <= OggPage.MaxSegments - _segments;

    /// <summary>Adds a packet, or as much of it as fits.</summary>
    /// <param name="packet">The packet, or what is left of it.</param>
    /// <returns>How many bytes were taken and whether the packet ends on this page. If it does not, the page is full.</returns>
    public (int Taken, bool IsWhole) Add(ReadOnlySpan<byte> packet)
    {
        var room = OggPage.MaxSegments - _segments;
        if (packet.Length < 255 && room > 0)
            return AddSegment(packet);

        var isWhole = SegmentsOf(packet.Length) <= room;
        var taken = isWhole ? packet.Length : room * 255;
        Reserve(OggPage.MaxHeaderSize + _bodySize + taken);
        packet[..taken].CopyTo(_buffer.AsSpan(OggPage.MaxHeaderSize + _bodySize));
        _bodySize += taken;

        var full = taken / 255;
        _lacing.AsSpan(_segments, full).Fill(255);
        _segments += full;
        if (isWhole)
            _lacing[_segments++] = (byte)(taken % 255);
        return (taken, isWhole);
    }

    /// <summary>Ends the page.</summary>
    /// <param name="granule">Its granule position, <see cref="OggPage.NoGranule"/> when no packet ends on it.</param>
    /// <param name="flags">First or last; whether it is continued is known here.</param>
    /// <param name="nextIsContinued">Whether the next page begins with the rest of a packet.</param>
    /// <returns>The page's bytes, valid until the next call.</returns>
    public ReadOnlySpan<byte> End(long granule, OggPageFlags flags, bool nextIsContinued = false)
    {
        var headerSize = OggPage.HeaderSize + _segments;
        var page = _buffer.AsSpan(OggPage.MaxHeaderSize - headerSize, headerSize + _bodySize);
        OggPage.CapturePattern.CopyTo(page);
        page[OggPage.VersionAt] = 0;
        page[OggPage.FlagsAt] = (byte)(_isContinued ? flags | OggPageFlags.Continued : flags);
        BinaryPrimitives.WriteInt64LittleEndian(page[OggPage.GranuleAt..], granule);
        BinaryPrimitives.WriteUInt32LittleEndian(page[OggPage.SerialAt..], serial);
        BinaryPrimitives.WriteUInt32LittleEndian(page[OggPage.SequenceAt..], _sequence++);
        page[OggPage.SegmentCountAt] = (byte)_segments;
        _lacing.AsSpan(0, _segments).CopyTo(page[OggPage.HeaderSize..]);
        BinaryPrimitives.WriteUInt32LittleEndian(page[OggPage.ChecksumAt..], OggPage.ComputeChecksum(page));

        _segments = _bodySize = 0;
        _isContinued = nextIsContinued;
        return page;
    }

    // Most packets of speech are one segment.
    private (int Taken, bool IsWhole) AddSegment(ReadOnlySpan<byte> packet)
    {
        var at = OggPage.MaxHeaderSize + _bodySize;
        Reserve(at + packet.Length);
        packet.CopyTo(_buffer.AsSpan(at));
        _bodySize += packet.Length;
        _lacing[_segments++] = (byte)packet.Length;
        return (packet.Length, true);
    }

    private void Reserve(int size)
    {
        if (size > _buffer.Length)
            Array.Resize(ref _buffer, Math.Min(OggPage.MaxSize, Math.Max(size, 2 * _buffer.Length)));
    }

    // A packet whose size is a multiple of 255 ends with a segment of 0.
    private static int SegmentsOf(int packetSize) => packetSize / 255 + 1;
}
