using System.Buffers;
using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>Takes the pages of one logical stream and tells the packets that end on each (RFC 3533 §5).</summary>
internal sealed class OggPacketAssembler(OpusDefectLog defects) : IDisposable
{
    private readonly (int Start, int Length)[] _packets = new (int, int)[OggPage.MaxSegments];
    private byte[] _assembled = [];
    private byte[] _partial = [];
    private int _partialSize;
    private bool _hasPartial;
    private bool _isOversized;
    private bool _hasSequence;
    private bool _isJoining;
    private uint _nextSequence;

    /// <summary>The largest packet that is put together; a larger one is skipped.</summary>
    public int MaxPacketSize { get; set; } = int.MaxValue;

    /// <summary>The number of packets that end on the current page.</summary>
    public int Count { get; private set; }

    /// <summary>How many pages are missing just before the current one.</summary>
    public uint MissingPages { get; private set; }

    /// <summary>Forgets all; the next page may have any sequence number.</summary>
    public void Reset()
    {
        DropPartial();
        _hasSequence = false;
        Count = 0;
        MissingPages = 0;
    }

    /// <summary>Forgets all; the next page may have any sequence number and begin with the rest of a packet.</summary>
    public void Join()
    {
        Reset();
        _isJoining = true;
    }

    /// <summary>Takes the next page.</summary>
    public void Push(OggPage page, long offset)
    {
        Count = 0;
        var isInSequence = CheckSequence(page, offset);
        if (!isInSequence)
            DropPartial();

        var segment = 0;
        var position = page.BodyAt;
        if (page.IsContinued)
            Continue(page, ref segment, ref position, offset, isInSequence);
        else if (_hasPartial)
            DropIncomplete(offset, "A packet that began on the page before does not go on here.");

        while (segment < page.Lacing.Length)
        {
            TakeSegments(page.Lacing, ref segment, ref position);
            if (segment < page.Lacing.Length)
                Take(page, ref segment, ref position, offset);
        }

        _isJoining = false;
    }

    /// <summary>
    /// Where each packet is that ends on the current page: in the page, or (start −1) put together from pieces.
    /// </summary>
    public ReadOnlySpan<(int Start, int Length)> Packets => _packets.AsSpan(0, Count);

    /// <summary>The packet that was put together from pieces, which is the first that ends on the current page.</summary>
    public ReadOnlySpan<byte> Assembled(int length) => _assembled.AsSpan(0, length);

    /// <summary>A packet that ends on the current page.</summary>
    public ReadOnlySpan<byte> GetPacket(OggPage page, int index)
    {
        var (start, length) = _packets[index];
        return start < 0 ? Assembled(length) : page.Data.Slice(start, length);
    }

    public void Dispose()
    {
        Return(ref _assembled);
        Return(ref _partial);
        Reset();
    }

    private bool CheckSequence(OggPage page, long offset)
    {
        var ahead = _hasSequence ? (int)(page.Sequence - _nextSequence) : 0;
        MissingPages = ahead > 0 ? (uint)ahead : 0;
        if (ahead > 0)
            defects.Add(offset, OpusDefectKind.MissingPages, $"{ahead} pages are missing before page {page.Sequence}.");
        else if (ahead < 0)
            defects.Add(offset, OpusDefectKind.PageOutOfSequence, $"Page {page.Sequence} stands where {_nextSequence} should.");

        _hasSequence = true;
        _nextSequence = page.Sequence + 1;
        return ahead == 0;
    }

    // The first segments of a continued page are the rest of a packet that began earlier.
    private void Continue(OggPage page, ref int segment, ref int position, long offset, bool isInSequence)
    {
        var start = position;
        var isWhole = Walk(page.Lacing, ref segment, ref position);
        if (!_hasPartial)
        {
            if (isInSequence && !_isJoining)
                defects.Add(offset, OpusDefectKind.IncompletePacket, "The rest of a packet whose beginning is missing.");
            return;
        }

        AppendPartial(page.Data[start..position], offset);
        if (isWhole)
            CompletePartial();
    }

    // Packets of one segment, as most of speech are.
    private void TakeSegments(ReadOnlySpan<byte> lacing, ref int segment, ref int position)
    {
        if (MaxPacketSize < 255)
            return;
        var packets = _packets.AsSpan(Count);
        var end = position;
        var taken = 0;
        var rest = lacing[segment..];
        while (taken < rest.Length && rest[taken] < 255 && taken < packets.Length)
        {
            packets[taken] = (end, rest[taken]);
            end += rest[taken];
            taken++;
        }

        segment += taken;
        position = end;
        Count += taken;
    }

    private void Take(OggPage page, ref int segment, ref int position, long offset)
    {
        var start = position;
        if (!Walk(page.Lacing, ref segment, ref position))
        {
            _hasPartial = true;
            AppendPartial(page.Data[start..position], offset);
            return;
        }

        if (position - start > MaxPacketSize)
            ReportOversized(offset);
        else
            _packets[Count++] = (start, position - start);
    }

    /// <summary>Walks over one packet's segments; true when it ends here.</summary>
    private static bool Walk(ReadOnlySpan<byte> lacing, ref int segment, ref int position)
    {
        while (segment < lacing.Length)
        {
            var size = lacing[segment++];
            position += size;
            if (size < 255)
                return true;
        }

        return false;
    }

    private void AppendPartial(ReadOnlySpan<byte> piece, long offset)
    {
        if (_isOversized)
            return;
        if (piece.Length > MaxPacketSize - _partialSize)
        {
            _isOversized = true;
            ReportOversized(offset);
            return;
        }

        EnsurePartialCapacity(_partialSize + piece.Length);
        piece.CopyTo(_partial.AsSpan(_partialSize));
        _partialSize += piece.Length;
    }

    // The buffers change places, since the last packet of the page may be a new partial one.
    private void CompletePartial()
    {
        if (!_isOversized)
        {
            _packets[Count++] = (-1, _partialSize);
            (_assembled, _partial) = (_partial, _assembled);
        }

        DropPartial();
    }

    private void DropIncomplete(long offset, string message)
    {
        defects.Add(offset, OpusDefectKind.IncompletePacket, message);
        DropPartial();
    }

    private void DropPartial()
    {
        _hasPartial = false;
        _isOversized = false;
        _partialSize = 0;
    }

    private void ReportOversized(long offset) =>
        defects.Add(offset, OpusDefectKind.OversizedPacket, $"A packet of more than {MaxPacketSize} bytes.");

    private void EnsurePartialCapacity(int size)
    {
        if (size <= _partial.Length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(size, 2 * _partial.Length));
        _partial.AsSpan(0, _partialSize).CopyTo(larger);
        Return(ref _partial);
        _partial = larger;
    }

    private static void Return(ref byte[] buffer)
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }
}
