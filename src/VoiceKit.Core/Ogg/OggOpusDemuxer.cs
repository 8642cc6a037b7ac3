using VoiceKit.Audio;
using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>
/// Reads Ogg Opus from bytes that arrive piece by piece: headers, packets, their time, and every link of a chained file. Does no
/// I/O itself. Logical streams beside the Opus one are passed over.
/// </summary>
internal sealed class OggOpusDemuxer : IDisposable
{
    /// <summary>The tags of links beyond this many are not read.</summary>
    private const int MaxTags = 10_000;

    /// <summary>How far into the input the first page may be.</summary>
    private const int MaxLeadingJunk = 256 * 1024;

    private readonly OggPageSync _sync;
    private readonly OggPacketAssembler _assembler;
    private readonly OggOpusTimeline _timeline;
    private readonly OpusDefectLog _defects;
    private readonly OpusReaderOptions _options;
    private readonly bool _passesTags;

    // The valid packets of the current page: where they are and their duration.
    private readonly (int Start, int Length, int Duration)[] _audio = new (int, int, int)[OggPage.MaxSegments];
    private readonly byte[] _leadingBytes = new byte[MediaNames.Length];
    private int _leadingCount;
    private int _audioCount;
    private int _audioNext;
    private OpusPacketInfo _packetInfo;
    private State _state = State.Head;
    private uint _serial;
    private bool _sawEnd;

    // Pages are missing before the next page on which a packet ends.
    private bool _hasHole;
    private bool _reportedPageAfterEnd;
    private bool _restarts;
    private bool _isWithoutHead;
    private string? _otherCodec;

    // From where on all defects are found; null behind a jump, as what is wrong between its first page and the one before is not.
    private long? _readFrom = 0;

    public OggOpusDemuxer(OpusReaderOptions options, bool passesTags = false)
    {
        _passesTags = passesTags;
        _options = options;
        _defects = new OpusDefectLog(options.Strict);
        _sync = new OggPageSync(_defects) { AcceptsBadPage = true };
        _assembler = new OggPacketAssembler(_defects);
        _timeline = new OggOpusTimeline(_defects);
    }

    private enum State
    {
        Head,
        Tags,
        Audio,
        End,
    }

    public OpusHead? Head { get; private set; }

    public OpusTags? Tags { get; private set; }

    /// <summary>Counts the links of a chained file; 0 for the first.</summary>
    public int Link { get; private set; }

    /// <summary>The offset of the current link's first page.</summary>
    public long LinkOffset { get; private set; }

    /// <summary>The serial number of the current link's stream.</summary>
    public uint Serial => _serial;

    /// <summary>How many pages were found, of any stream.</summary>
    public long FoundPageCount => _sync.PageCount;

    /// <summary>The pages of the Opus stream that were read, headers included.</summary>
    public long PageCount { get; private set; }

    /// <summary>Whether the end of the input was read.</summary>
    public bool IsAtEnd => _state == State.End;

    public OggOpusTimeline Timeline => _timeline;

    public OpusDefectLog Defects => _defects;

    public ReadOnlySpan<byte> Packet
    {
        get
        {
            if (_audioNext == 0)
                return default;
            ref readonly var packet = ref _audio[_audioNext - 1];
            return packet.Start < 0 ? _assembler.Assembled(packet.Length) : _sync.Slice(packet.Start, packet.Length);
        }
    }

    public ref readonly OpusPacketInfo PacketInfo => ref _packetInfo;

    /// <summary>The offset of the page on which the current packet ends.</summary>
    public long PageOffset => _sync.PageOffset;

    /// <summary>The current page, the one on which the current packet ends.</summary>
    public OggPage Page => _sync.Page;

    /// <summary>How the checksums of the file are wrong, all alike.</summary>
    public OggCrcMistake ChecksumMistake => _sync.Mistake;

    public Memory<byte> GetFreeSpace()
    {
        _audioNext = _audioCount = 0;
        return _sync.GetFreeSpace();
    }

    public void Advance(int count)
    {
        _sync.Advance(count);
        if (_leadingCount < _leadingBytes.Length && Head is null)
            KeepLeadingBytes(count);
    }

    /// <summary>Goes to where a link begins; its headers are to be read next.</summary>
    /// <param name="offset">The offset of its first page.</param>
    /// <param name="link">Its number.</param>
    /// <param name="start">Its position.</param>
    /// <param name="heardFrom">The position from which on packets are heard.</param>
    /// <param name="preRoll">How much before that is given to be decoded, in samples at 48 kHz.</param>
    public void RestartAt(long offset, int link, long start, long heardFrom, int preRoll = OpusPreRoll.Least)
    {
        Seek(offset);
        if (offset == 0)
            _readFrom = 0;
        Link = link;
        _restarts = _sync.AcceptsBadPage = true;
        _timeline.Restart(start, heardFrom, preRoll);
        _state = State.Head;
    }

    /// <summary>Goes to a page of the current link.</summary>
    /// <param name="offset">The page's offset.</param>
    /// <param name="origin">See <see cref="OggOpusTimeline.Origin"/>.</param>
    /// <param name="heardFrom">The position from which on packets are heard.</param>
    /// <param name="preRoll">How much before that is given to be decoded, in samples at 48 kHz.</param>
    public void LandAt(long offset, long origin, long heardFrom, int preRoll = OpusPreRoll.Least)
    {
        Seek(offset);
        _assembler.Join();
        _timeline.Land(origin, heardFrom, preRoll);
        _state = State.Audio;
    }

    /// <summary>Reads on until the headers of the first link are there.</summary>
    public OggReadStatus ReadHeaders()
    {
        while (_state is State.Head or State.Tags)
        {
            var status = ReadPage();
            if (status == OggReadStatus.NeedData)
                return status;
            if (status == OggReadStatus.End)
                break;
        }

        return Head is null ? throw NotOggOpus() : OggReadStatus.Ready;
    }

    /// <summary>Reads the next packet.</summary>
    public OggReadStatus ReadPacket()
    {
        do
        {
            while (_audioNext == _audioCount)
            {
                if (_state == State.End)
                    return OggReadStatus.End;
                var status = ReadPage();
                if (status != OggReadStatus.Ready)
                    return status;
            }

            _timeline.Place(_audio[_audioNext++].Duration, out _packetInfo);
        }
        while (_timeline.IsBeforePreRoll);
        return OggReadStatus.Ready;
    }

    private void Seek(long offset)
    {
        // What is said of the end itself is known as well.
        if (_readFrom is { } start)
            _defects.Know(start, _state == State.End ? _sync.Consumed + 1 : _sync.Consumed);
        _readFrom = null;
        _audioNext = _audioCount = 0;
        _sawEnd = _reportedPageAfterEnd = _hasHole = false;
        _sync.Seek(offset);
    }

    public void Dispose()
    {
        _audioNext = _audioCount = 0;
        _state = State.End;
        _assembler.Dispose();
        _sync.Dispose();
    }

    private OggReadStatus ReadPage()
    {
        _audioNext = _audioCount = 0;
        var sync = _sync.Next();
        if (sync == OggSyncStatus.NeedData)
        {
            if (Head is null && !_restarts && _otherCodec is null && _sync.Consumed > MaxLeadingJunk)
                throw NotOggOpus();
            return OggReadStatus.NeedData;
        }

        if (sync == OggSyncStatus.End)
        {
            End();
            return OggReadStatus.End;
        }

        Dispatch(_sync.Page);
        _readFrom ??= _sync.Consumed;
        return OggReadStatus.Ready;
    }

    private void Dispatch(OggPage page)
    {
        if (page.IsFirst)
            BeginStream(page);
        else if (_state != State.Head && page.Serial == _serial)
            ContinueStream(page);
        else if (_options.Salvages && Head is null)
            TryBeginWithoutHead(page);
    }

    // Where the first page is lost, the next one has the tags, or audio.
    private void TryBeginWithoutHead(OggPage page)
    {
        if (!_isWithoutHead || page.Serial != _serial)
        {
            _assembler.Join();
            _assembler.MaxPacketSize = _options.MaxTagsSize;
            (_serial, _isWithoutHead) = (page.Serial, true);
        }

        _assembler.Push(page, PageOffset);
        var tagsAt = _assembler.Count > 0 && _assembler.GetPacket(page, 0).StartsWith(OpusTags.Magic) ? 0 : -1;
        if (tagsAt == 0)
            Tags = OpusTags.Parse(_assembler.GetPacket(page, 0), out _);
        var lost = new OpusLostHead();
        for (var i = tagsAt + 1; i < _assembler.Count; i++)
            lost.Add(_assembler.GetPacket(page, i));
        if (lost.IsOpus)
            BeginWithoutHead(page, lost.ToHead(), tagsAt + 1);
    }

    private void BeginWithoutHead(OggPage page, OpusHead head, int first)
    {
        const int HeaderPages = 2;
        Head = head;
        Tags ??= OpusTags.Empty;
        _defects.Add(0, OpusDefectKind.BadHead, OpusLostHead.Describe(head));
        _sync.Salvaged = _serial;
        _hasHole = page.Sequence > HeaderPages;
        _timeline.BeginLink(head.PreSkip);
        BeginAudio();
        PageCount++;
        ReadAudio(page, first);
    }

    // The first Opus stream of a link is the one that is read; a page that begins a stream later begins a new link.
    private void BeginStream(OggPage page)
    {
        if (!page.Data[page.BodyAt..].StartsWith(OpusHead.Magic))
        {
            _otherCodec ??= OggCodecNames.Identify(page.Data[page.BodyAt..]);
            if (_state != State.Head && page.Serial == _serial)
                _defects.Add(PageOffset, OpusDefectKind.BadStructure, "A page of audio is marked as the first: it is left out.");
            return;
        }

        if (_state == State.Tags && page.Serial != _serial)
            return; // An Opus stream beside ours.
        if (_restarts && !page.HasOpusHead)
            return; // Reading on passes over such a link too.
        if (Head is null || _restarts)
            BeginLink(page);
        else if (page.HasOpusHead)
            BeginNextLink(page);
        else
            _defects.Add(PageOffset, OpusDefectKind.BadLink, "A link of the chain has an OpusHead that cannot be read.");
    }

    private void BeginNextLink(OggPage page)
    {
        ReportMissingEnd(PageOffset);
        Link++;
        BeginLink(page);
    }

    private void BeginLink(OggPage page)
    {
        Head = OpusHead.Parse(page.Data[page.BodyAt..], PageOffset + page.BodyAt);
        LinkOffset = PageOffset;
        _restarts = false;
        _serial = page.Serial;
        _sawEnd = _reportedPageAfterEnd = _hasHole = false;
        _sync.AcceptsBadPage = false;
        _sync.Salvaged = _options.Salvages ? _serial : null;
        _assembler.Reset();
        _assembler.MaxPacketSize = _options.MaxTagsSize;
        _assembler.Push(page, PageOffset);
        _timeline.BeginLink(Head.PreSkip);
        _state = State.Tags;
        PageCount++;
    }

    private void ContinueStream(OggPage page)
    {
        PageCount++;
        if (_sawEnd && !_reportedPageAfterEnd)
        {
            _reportedPageAfterEnd = true;
            _defects.Add(PageOffset, OpusDefectKind.PageAfterEnd, "The stream goes on after a page marked as its last.");
        }

        _sawEnd |= page.IsLast;
        _assembler.Push(page, PageOffset);
        _hasHole |= _assembler.MissingPages > 0;
        if (_assembler.Count == 0)
        {
            CheckTagsGoOn(page);
            return;
        }

        var isTags = _state == State.Tags && _assembler.GetPacket(page, 0).StartsWith(OpusTags.Magic);
        if (isTags)
            ReadTags(_assembler.GetPacket(page, 0));
        else if (_state == State.Tags)
            MissTags();
        ReadAudio(page, isTags ? 1 : 0);
    }

    private void ReadTags(ReadOnlySpan<byte> packet)
    {
        if (_passesTags)
            Tags = OpusTags.Empty;
        else if (Link >= MaxTags)
            GiveUpTags();
        else if (Tags is null || !Tags.IsOf(packet))
            Tags = OpusTags.Parse(packet, out _);
        if (Tags!.Fault is { } fault)
            _defects.Add(PageOffset, OpusDefectKind.BadTags, $"OpusTags: {fault} (RFC 7845 §5.2).");
        BeginAudio();
    }

    // The smallest tags take more memory than a link has bytes.
    private void GiveUpTags()
    {
        Tags = OpusTags.Empty;
        if (Link == MaxTags)
            _defects.Add(PageOffset, OpusDefectKind.BadTags, $"Only the tags of {MaxTags} links are read.");
    }

    // Tags too large to read, or cut off by a lost page: they end on a page without a packet to show for it.
    private void CheckTagsGoOn(OggPage page)
    {
        if (_state == State.Tags && page.Lacing.Length > 0 && page.Lacing[^1] < 255)
            MissTags();
    }

    private void MissTags()
    {
        Tags = OpusTags.Empty;
        _defects.Add(PageOffset, OpusDefectKind.BadTags, "There is no OpusTags that can be read.");
        BeginAudio();
    }

    private void BeginAudio()
    {
        _state = State.Audio;
        _assembler.MaxPacketSize = OpusPacket.MaxSizePerStream * Head!.StreamCount;
    }

    private void ReadAudio(OggPage page, int first)
    {
        var duration = FindAudio(page, first);
        if (_audioCount == 0)
            return;
        var lastDuration = _audio[_audioCount - 1].Duration;
        if (_sync.IsCutOff)
            _timeline.BeginCutPage(duration);
        else
            _timeline.BeginPage(page.Granule, duration, lastDuration, page.IsLast, _hasHole, PageOffset);
        _hasHole = false;
    }

    // Keeps the valid packets of the page and tells their duration.
    private int FindAudio(OggPage page, int first)
    {
        var streamCount = Head!.StreamCount;
        var audio = _audio;
        var count = 0;
        var duration = 0;
        foreach (var (start, length) in _assembler.Packets[first..])
        {
            var packet = start < 0 ? _assembler.Assembled(length) : page.Data.Slice(start, length);
            var fault = OpusPacketLayout.ReadDuration(packet, streamCount, out var packetDuration);
            if (fault != OpusPacketFault.None)
                ReportMalformed(fault);
            else
                audio[count++] = (start, length, packetDuration);
            duration += packetDuration;
        }

        _audioCount = count;
        return duration;
    }

    private void ReportMalformed(OpusPacketFault fault) =>
        _defects.Add(PageOffset, OpusDefectKind.MalformedPacket, $"Malformed Opus packet: {OpusPacketLayout.Describe(fault)}");

    private void End()
    {
        if (_state != State.End)
            ReportMissingEnd(_sync.Consumed);
        _state = State.End;
        Tags ??= OpusTags.Empty;
    }

    private void ReportMissingEnd(long offset)
    {
        if (Head is not null && !_sawEnd)
            _defects.Add(offset, OpusDefectKind.MissingEnd, "The last page of the stream is not marked as such.");
    }

    // The input may come a few bytes at a time.
    private void KeepLeadingBytes(int count)
    {
        var read = _sync.Pending;
        var taken = read.Slice(read.Length - count, Math.Min(count, _leadingBytes.Length - _leadingCount));
        taken.CopyTo(_leadingBytes.AsSpan(_leadingCount));
        _leadingCount += taken.Length;
    }

    private VoiceFormatException NotOggOpus()
    {
        var start = _leadingBytes.AsSpan(0, _leadingCount);
        var what = _otherCodec is not null ? $"This is not Ogg Opus: it is Ogg {_otherCodec}."
            : start.IsEmpty ? "The input is empty."
            : start.StartsWith(OggPage.CapturePattern) ? "This Ogg file is damaged: no page with an OpusHead was found. A repair may find audio in it."
            : MediaNames.Identify(start) is { } name ? $"This is not Ogg Opus: it is {name}."
            : "This is not Ogg Opus: no page with an OpusHead was found.";
        return new VoiceFormatException(what, 0);
    }
}
