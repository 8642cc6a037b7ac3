using VoiceKit.Ogg;
using Rule = VoiceKit.Conformance.OggOpusCheckRule;

namespace VoiceKit.Conformance;

/// <summary>Judges the pages of one logical stream (RFC 3533 §6, RFC 7845 §3), but not what Opus packets hold.</summary>
internal sealed class OggOpusCheckStream(OggOpusCheckLog log)
{
    private readonly OggOpusCheckContent _opus = new(log);

    // Null where the stream is not Opus.
    private OggOpusCheckContent? _content;
    private Continuity _continuity;
    private bool _hasPages;
    private bool _hasMorePages;
    private bool _hasSequence;
    private uint _nextSequence;
    private bool _hadEnd;
    private long _lastOffset;

    /// <summary>Whether the page before ends within a packet.</summary>
    private enum Continuity
    {
        Closed,
        Open,
        Unknown,
    }

    public uint Serial { get; private set; }

    /// <summary>Whether a page marked as the last was seen.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Where another stream began after this one, which is to begin when all before it have ended.</summary>
    public long? PassedAt { get; set; }

    public long PacketCount => _content?.PacketCount ?? 0;

    /// <summary>Whether a page marked as a first one begins a new stream of the same serial number.</summary>
    public bool IsRestartedBy(OggPage page) =>
        HasEnded || (_hasMorePages && (page.Sequence == 0 || OggOpusCheckHead.BeginsOn(page)));

    /// <summary>Begins a stream; one object serves many, so that no chain of links takes more memory than one.</summary>
    public void Begin(uint serial, bool isOpus)
    {
        Serial = serial;
        HasEnded = _hadEnd = _hasPages = _hasMorePages = _hasSequence = false;
        PassedAt = null;
        _continuity = Continuity.Closed;
        _content = isOpus ? _opus : null;
        _content?.Begin();
    }

    public void Take(OggPage page, long offset)
    {
        var isFirst = !_hasPages;
        var isHole = !CheckSequence(page, offset, out var isJoined);
        CheckEnd(offset);
        if (page.IsFirst && !isFirst)
        {
            log.Add(Rule.BeginRepeated, offset + OggPage.FlagsAt, "A page within the stream is marked as its first.");
            if (OggOpusCheckHead.BeginsOn(page))
                return;
        }

        if (isHole)
            _continuity = Continuity.Unknown;
        var hasStart = CheckContinuity(page, isFirst, offset, ref isJoined);
        if (isJoined)
        {
            log.Add(
                Rule.JoinedMidStream,
                offset,
                "The audio does not begin with the page behind the headers: the stream was joined in its middle.");
        }

        if (_content is not null)
            _content.Take(page, offset, isHole && !isJoined, hasStart);
        else if (isFirst)
            CheckOtherHead(page, offset);
        EndPage(page, offset);
        _hasMorePages |= !page.IsFirst;
    }

    /// <summary>Takes a page whose checksum is wrong: what it holds is not judged.</summary>
    public void TakeDamaged(OggPage page, long offset)
    {
        _hasSequence = _hasSequence && page.Sequence == _nextSequence;
        _nextSequence++;
        if (!_hasPages)
        {
            _hasSequence = true;
            _nextSequence = 1;
        }

        _content?.TakeDamaged(page);
        _hasPages = true;
        _hasMorePages |= !page.IsFirst;
        _continuity = Continuity.Unknown;
        HasEnded |= page.IsLast;
        _hadEnd |= page.IsLast;
        _lastOffset = offset;
    }

    /// <summary>Judges what can be judged when no more pages come.</summary>
    /// <param name="isTruncated">Whether the input ends within a page of the stream, which says it all.</param>
    public void End(bool isTruncated)
    {
        if (isTruncated)
            return;
        if (!_hadEnd)
        {
            log.Add(Rule.EndMissing, _lastOffset, $"Stream {Serial:X8} has no page marked as its last; this is the last one.");
            if (_continuity == Continuity.Open)
                ReportUnfinished(_lastOffset, "The stream ends within a packet.");
        }

        _content?.End(_lastOffset);
    }

    // Headers may be put in front of a stream that is joined in its middle: there, pages may be missing.
    private bool CheckSequence(OggPage page, long offset, out bool isJoined)
    {
        var at = offset + OggPage.SequenceAt;
        var ahead = _hasSequence ? (int)(page.Sequence - _nextSequence) : 0;
        isJoined = ahead > 0 && _content is { IsBeforeAudio: true };
        if (!_hasPages && page.Sequence != 0)
            log.Add(Rule.SequenceStart, at, $"The stream's first page has number {page.Sequence}; counting starts at 0.");
        else if (ahead > 0 && !isJoined)
        {
            log.Add(
                Rule.SequenceGap,
                at,
                $"{ahead} pages are missing: page {page.Sequence} stands where {_nextSequence} should.");
        }
        else if (ahead < 0)
            log.Add(Rule.SequenceRepeated, at, $"Page {page.Sequence} stands where {_nextSequence} should.");

        var isInSequence = !_hasPages || (_hasSequence && ahead == 0);
        _hasPages = true;
        _hasSequence = true;
        _nextSequence = page.Sequence + 1;
        return isInSequence;
    }

    private void CheckEnd(long offset)
    {
        if (!HasEnded)
            return;
        log.Add(Rule.PageAfterEnd, offset, "The stream goes on after a page marked as its last.");
        HasEnded = false; // Each such page is told once.
    }

    // Whether the packet with which the page begins is whole in its beginning.
    private bool CheckContinuity(OggPage page, bool isFirst, long offset, ref bool isJoined)
    {
        if (page.Lacing.IsEmpty)
            return true;
        if (page.IsContinued && _continuity == Continuity.Closed)
        {
            if (_content is { IsBeforeAudio: true } && !isFirst)
                isJoined = true;
            else
            {
                log.Add(
                    Rule.ContinuedWithoutStart,
                    offset + OggPage.FlagsAt,
                    "The page is marked as continuing a packet; the packet before it has ended.");
            }
        }
        else if (!page.IsContinued && _continuity == Continuity.Open)
        {
            ReportUnfinished(offset, "The packet that began on the page before does not go on here.");
        }

        return _continuity == Continuity.Open;
    }

    private void EndPage(OggPage page, long offset)
    {
        if (!page.Lacing.IsEmpty)
            _continuity = page.Lacing[^1] == 255 ? Continuity.Open : Continuity.Closed;
        else if (!page.IsLast)
            log.Add(Rule.PageEmpty, offset, "The page holds nothing, and is not the last.");
        if (page.IsLast && _continuity == Continuity.Open)
        {
            ReportUnfinished(offset, "The page marked as the last ends within a packet.");
            _continuity = Continuity.Unknown;
        }

        HasEnded = page.IsLast;
        _hadEnd |= page.IsLast;
        _lastOffset = offset;
    }

    private void CheckOtherHead(OggPage page, long offset)
    {
        var end = page.Lacing.IndexOfAnyExcept((byte)255);
        if (end >= 0 && end < page.Lacing.Length - 1 && page.IsFirst)
            log.Add(Rule.HeadNotAlone, offset, "The first page of a stream holds one packet, its header, and nothing else.");
    }

    private void ReportUnfinished(long offset, string message) => log.Add(Rule.PacketUnfinished, offset, message);
}
