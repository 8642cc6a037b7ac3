using VoiceKit.Ogg;
using VoiceKit.Opus;
using Rule = VoiceKit.Conformance.OggOpusCheckRule;

namespace VoiceKit.Conformance;

/// <summary>Judges what the pages of an Opus stream hold: headers, audio packets and their time (RFC 7845 §3–§6).</summary>
internal sealed class OggOpusCheckContent(OggOpusCheckLog log)
{
    /// <summary>So much of a packet that goes over pages is kept: all, unless it is too large (§6).</summary>
    private const int MaxKept = OpusPacket.MaxSizePerStream;

    /// <summary>Five seconds; whole seconds on a page are common.</summary>
    private const int LongPage = 5 * OpusRates.Full;

    private readonly OggOpusCheckTags _tags = new(log);
    private readonly OggOpusCheckTimeline _timeline = new(log);
    private OggOpusCheckHead _head;
    private State _state;
    private bool _isTagsLost;
    private bool _hasAudioPage;
    private bool _endsOnHeader;

    // A packet that began on an earlier page: what is kept of it, its size and where it began.
    private byte[] _kept = [];
    private int _keptSize;
    private long _packetSize;
    private long _packetOffset;

    // The current page: what ends on it, and whether its samples cannot be added up.
    private bool _headerEnds;
    private bool _isShared;
    private int _samples;
    private int _lastDuration;
    private bool _isUnsure;

    private enum State
    {
        Head,
        BeforeTags,
        Tags,
        Audio,
    }

    /// <summary>Whether the headers have ended and no audio page has come.</summary>
    public bool IsBeforeAudio => _state == State.Audio && !_hasAudioPage;

    public long PacketCount { get; private set; }

    public void Begin()
    {
        _state = State.Head;
        _head = default;
        _isTagsLost = _hasAudioPage = _endsOnHeader = _isUnsure = false;
        _keptSize = 0;
        PacketCount = 0;
        _timeline.Begin(0);
    }

    /// <summary>Takes the next page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="offset">Where it stands.</param>
    /// <param name="isHole">Whether pages before it are missing.</param>
    /// <param name="hasStart">Whether the packet that it continues has its beginning.</param>
    public void Take(OggPage page, long offset, bool isHole, bool hasStart)
    {
        _headerEnds = _isShared = false;
        _samples = _lastDuration = 0;
        _isUnsure |= isHole;

        var lacing = page.Lacing;
        var begins = !page.IsContinued;
        var start = page.BodyAt;
        var size = 0;
        for (var i = 0; i < lacing.Length; i++)
        {
            size += lacing[i];
            var isWhole = lacing[i] < 255;
            if (!isWhole && i < lacing.Length - 1)
                continue;
            TakePiece(page.Data.Slice(start, size), offset + start, begins, isWhole, hasStart);
            start += size;
            size = 0;
            begins = true;
        }

        EndPage(page, offset);
    }

    /// <summary>Takes a page that is not to be looked into: of its content it is only guessed where the headers end.</summary>
    public void TakeDamaged(OggPage page)
    {
        var endsPacket = page.Lacing.Length > 0 && page.Lacing[^1] < 255;
        if (_state == State.Head)
            GuessHead(page);
        else if (_state != State.Audio)
            LoseTags(endsPacket);
        else
            _hasAudioPage = true;
        _isUnsure = true;
        _timeline.TakeUnknown();
    }

    public void End(long lastOffset)
    {
        if (_state == State.BeforeTags && !_isTagsLost)
            log.Add(Rule.TagsMissing, lastOffset, "The stream ends without OpusTags.");
        else if (_state == State.Audio && PacketCount == 0 && !_hasAudioPage && !_endsOnHeader)
            log.Add(Rule.NoAudio, lastOffset, "The stream has headers and no audio packet.");
        else if (PacketCount > 0 && _head.IsReadable)
            _timeline.End(lastOffset);
    }

    // A packet, or as much of it as is on the page.
    private void TakePiece(ReadOnlySpan<byte> piece, long offset, bool begins, bool isWhole, bool hasStart)
    {
        switch (_state)
        {
            case State.Head:
                TakeHead(piece, offset, isWhole);
                break;

            case State.BeforeTags when !begins:
                if (!hasStart)
                    LoseTags(isWhole); // Else it is the rest of the OpusHead.
                break;

            case State.BeforeTags:
                BeginTags(piece, offset, isWhole);
                break;

            case State.Tags when begins:
                _isTagsLost = true;
                BeginTags(piece, offset, isWhole);
                break;

            case State.Tags:
                GoOnWithTags(piece, offset, isWhole, hasStart);
                break;

            default:
                TakeAudio(piece, offset, begins, isWhole, hasStart);
                break;
        }
    }

    private void TakeHead(ReadOnlySpan<byte> piece, long offset, bool isWhole)
    {
        if (isWhole)
            _head = OggOpusCheckHead.Read(piece, offset, log);
        else
            log.Add(Rule.HeadSpansPages, offset, "The OpusHead does not end on the page on which it begins.");
        _timeline.Begin(_head.PreSkip);
        _state = State.BeforeTags;
        _headerEnds = true;
    }

    private void GuessHead(OggPage page)
    {
        var head = page.HasOpusHead ? OpusHead.Parse(page.Data[page.BodyAt..]) : null;
        _head = head is null ? default : new OggOpusCheckHead(true, head.PreSkip, head.StreamCount);
        _timeline.Begin(_head.PreSkip);
        _state = State.BeforeTags;
    }

    private void BeginTags(ReadOnlySpan<byte> piece, long offset, bool isWhole)
    {
        if (_headerEnds && !_isShared)
        {
            _isShared = true;
            log.Add(Rule.HeadNotAlone, offset, "The page of the OpusHead holds more than that packet.");
        }

        if (!piece.StartsWith(OpusTags.Magic))
        {
            if (!_isTagsLost && !_isUnsure)
                log.Add(Rule.TagsMissing, offset, "The packet behind the OpusHead does not begin with the word OpusTags.");
            _state = State.Audio;
            TakeAudio(piece, offset, true, isWhole, true);
            return;
        }

        _isTagsLost = false;
        _tags.Begin();
        _state = State.Tags;
        GoOnWithTags(piece, offset, isWhole, true);
    }

    private void GoOnWithTags(ReadOnlySpan<byte> piece, long offset, bool isWhole, bool hasStart)
    {
        if (!hasStart || _isTagsLost)
        {
            LoseTags(isWhole);
            return;
        }

        _tags.Feed(piece, offset);
        if (!isWhole)
            return;
        _tags.End();
        _state = State.Audio;
        _headerEnds = true;
    }

    private void LoseTags(bool isWhole)
    {
        _isTagsLost = true;
        _headerEnds |= isWhole;
        _state = isWhole ? State.Audio : State.Tags;
    }

    private void TakeAudio(ReadOnlySpan<byte> piece, long offset, bool begins, bool isWhole, bool hasStart)
    {
        if (_headerEnds && !_isShared)
        {
            _isShared = true;
            log.Add(Rule.TagsNotAlone, offset, "Audio begins on the page on which the OpusTags end; it has a page of its own.");
        }

        if (begins)
            (_packetOffset, _packetSize, _keptSize) = (offset, 0, 0);
        else if (!hasStart || _packetSize == 0)
            _isUnsure = true; // The rest of a packet whose beginning is not there: its duration is not known.
        if (begins && isWhole)
            CheckPacket(piece, piece.Length);
        else if (begins || (hasStart && _packetSize > 0))
            Keep(piece, isWhole);
    }

    private void Keep(ReadOnlySpan<byte> piece, bool isWhole)
    {
        _packetSize += piece.Length;
        piece = piece[..Math.Min(piece.Length, MaxKept - _keptSize)];
        if (_keptSize + piece.Length > _kept.Length)
            Array.Resize(ref _kept, Math.Min(MaxKept, Math.Max(_keptSize + piece.Length, 2 * _kept.Length)));
        piece.CopyTo(_kept.AsSpan(_keptSize));
        _keptSize += piece.Length;
        if (isWhole)
            CheckPacket(_kept.AsSpan(0, _keptSize), _packetSize);
    }

    /// <param name="packet">The packet, or its first bytes if it is larger than is kept.</param>
    /// <param name="size">The size of all of it.</param>
    private void CheckPacket(ReadOnlySpan<byte> packet, long size)
    {
        PacketCount++;
        _packetSize = 0;
        if (!_head.IsReadable)
            return;
        if (size > (long)MaxKept * _head.StreamCount)
        {
            log.Add(
                Rule.PacketOversized,
                _packetOffset,
                $"A packet of {size} bytes; more than {MaxKept} for each stream in it are taken as not valid.");
        }

        var fault = ReadPacket(packet, size, out var duration);
        if (fault != OpusPacketFault.None)
        {
            log.Add(
                OggOpusCheckRules.Of(fault),
                _packetOffset,
                $"A packet of {size} bytes breaks the rules: {OpusPacketLayout.Describe(fault)}");
            _isUnsure = true;
            return;
        }

        _samples += duration;
        _lastDuration = duration;
    }

    private OpusPacketFault ReadPacket(ReadOnlySpan<byte> packet, long size, out int duration)
    {
        if (size > packet.Length || size > (long)MaxKept * _head.StreamCount)
            return OpusPacketLayout.PeekDuration(packet, out duration);
        if (_head.StreamCount > 1)
            return OpusPacketLayout.ReadDuration(packet, _head.StreamCount, out duration);

        duration = 0;
        var fault = OpusPacketLayout.Read(packet, out var layout);
        if (fault != OpusPacketFault.None)
            return fault;
        duration = layout.FrameCount * new OpusToc(packet[0]).FrameDuration;

        // A TOC byte and a frame count byte, and for each frame its length in two bytes.
        var largest = 2 + layout.FrameCount * (2 + OpusPacket.MaxFrameSize);
        if (layout.Padding > 0 && size > largest)
        {
            log.Add(
                Rule.PacketPadding,
                _packetOffset,
                $"{size} bytes, {layout.Padding} of them padding; {layout.FrameCount} frames take {largest} at most.");
        }

        return fault;
    }

    private void EndPage(OggPage page, long offset)
    {
        var at = offset + OggPage.GranuleAt;
        if (page.Lacing.IsEmpty)
        {
            EndEmptyPage(page, offset);
        }
        else if (page.Lacing.IndexOfAnyExcept((byte)255) < 0)
        {
            if (page.Granule != OggPage.NoGranule)
            {
                log.Add(
                    Rule.GranuleWithoutPacket,
                    at,
                    $"No packet ends on the page, and its granule position is {page.Granule}; right is −1.");
            }
        }
        else if (_isShared)
        {
            _isUnsure = true;
        }
        else if (_headerEnds)
        {
            EndHeaderPage(page, offset);
        }
        else if (_state == State.Audio)
        {
            EndAudioPage(page, offset);
        }
    }

    private void EndEmptyPage(OggPage page, long offset)
    {
        if (!page.IsLast)
            return;
        log.Add(Rule.EndPageEmpty, offset, "The page marked as the last holds no packet; it should be the last one with audio.");
        if (_state == State.Audio && _head.IsReadable)
            _timeline.TakeEmptyEnd(page.Granule, offset + OggPage.GranuleAt);
    }

    private void EndHeaderPage(OggPage page, long offset)
    {
        if (page.Granule != 0)
        {
            log.Add(
                Rule.HeaderGranule,
                offset + OggPage.GranuleAt,
                $"The granule position of a page on which a header ends is {page.Granule}; right is 0.");
        }

        if (!page.IsLast)
            return;
        _endsOnHeader = true;
        log.Add(Rule.EndOnHeader, offset + OggPage.FlagsAt, "A page of headers is marked as the last: there is no audio.");
    }

    private void EndAudioPage(OggPage page, long offset)
    {
        _hasAudioPage = true;
        if (_head.IsReadable)
            _timeline.Take(page.Granule, _samples, _lastDuration, page.IsLast, _isUnsure, offset + OggPage.GranuleAt);
        if (_samples >= LongPage)
        {
            log.Add(
                Rule.PageLong,
                offset,
                $"The page holds {(double)_samples / OpusRates.Full:0.###} s of audio, for which a listener waits.");
        }

        _isUnsure = false;
    }
}
