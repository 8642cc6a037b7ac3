using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>
/// The logical stream of a link that has the Opus (RFC 7845 §3): takes its pages, reads the two headers, and then gives the
/// packets of each page with their place in time. Which pages are its own is for <see cref="OggOpusDemuxer"/> to say.
/// </summary>
internal sealed class OggOpusStream(OpusDefectLog defects, OpusReaderOptions options, bool passesTags) : IDisposable
{
    /// <summary>The tags of links beyond this many are not read.</summary>
    private const int MaxTags = 10_000;

    private readonly OggPacketAssembler _assembler = new(defects);

    // The valid packets of the current page: where they are and their duration.
    private readonly (int Start, int Length, int Duration)[] _packets = new (int, int, int)[OggPage.MaxSegments];
    private int _packetCount;
    private int _packetNext;
    private int _link;
    private Part _part;
    private bool _sawEnd;
    private bool _reportedPageAfterEnd;

    // Pages are missing before the next page on which a packet ends.
    private bool _hasHole;

    // A stream whose first page is lost, and which may turn out to be Opus.
    private uint? _candidate;

    private enum Part
    {
        None,
        Tags,
        Audio,
    }

    public OpusHead? Head { get; private set; }

    public OpusTags? Tags { get; private set; }

    /// <summary>The serial number of its pages.</summary>
    public uint Serial { get; private set; }

    /// <summary>The pages that were read, headers included.</summary>
    public long PageCount { get; private set; }

    public OggOpusTimeline Timeline { get; } = new(defects);

    /// <summary>Whether its first page was read, so that the pages that follow are wanted.</summary>
    public bool IsOpen => _part != Part.None;

    /// <summary>Whether its first page was read, and its tags not yet.</summary>
    public bool IsInTags => _part == Part.Tags;

    /// <summary>Whether both headers were read.</summary>
    public bool IsInAudio => _part == Part.Audio;

    /// <summary>Whether there are packets of the current page that were not read.</summary>
    public bool HasPackets => _packetNext < _packetCount;

    /// <summary>Begins a link with the page that has its OpusHead.</summary>
    /// <exception cref="VoiceFormatException">The OpusHead cannot be read.</exception>
    public void Begin(OggPage page, long offset, int link)
    {
        Head = OpusHead.Parse(page.Data[page.BodyAt..], offset + page.BodyAt);
        Serial = page.Serial;
        _link = link;
        ForgetPages();
        _assembler.Reset();
        _assembler.MaxPacketSize = options.MaxTagsSize;
        _assembler.Push(page, offset);
        Timeline.BeginLink(Head.PreSkip);
        _part = Part.Tags;
        PageCount++;
    }

    /// <summary>Begins the first link without its OpusHead, on a page behind it: the next one has the tags, or audio.</summary>
    /// <returns>Whether the page has Opus.</returns>
    public bool TryBeginWithoutHead(OggPage page, long offset)
    {
        if (page.Serial != _candidate)
        {
            _assembler.Join();
            _assembler.MaxPacketSize = options.MaxTagsSize;
            _candidate = page.Serial;
        }

        _assembler.Push(page, offset);
        var firstAudio = _assembler.Count > 0 && _assembler.GetPacket(page, 0).StartsWith(OpusTags.Magic) ? 1 : 0;
        if (firstAudio == 1)
            Tags = OpusTags.Parse(_assembler.GetPacket(page, 0), out _);
        var lost = new OpusLostHead();
        for (var i = firstAudio; i < _assembler.Count; i++)
            lost.Add(_assembler.GetPacket(page, i));
        if (lost.IsOpus)
            BeginWithoutHead(page, offset, lost.ToHead(), firstAudio);
        return lost.IsOpus;
    }

    /// <summary>Takes the next page of the stream.</summary>
    /// <param name="page">The page.</param>
    /// <param name="offset">Its offset in the input.</param>
    /// <param name="isCutOff">Whether the input ends within the page, so that only the packets before that are there.</param>
    public void Push(OggPage page, long offset, bool isCutOff)
    {
        PageCount++;
        if (_sawEnd && !_reportedPageAfterEnd)
        {
            _reportedPageAfterEnd = true;
            defects.Add(offset, OpusDefectKind.PageAfterEnd, "The stream goes on after a page marked as its last.");
        }

        _sawEnd |= page.IsLast;
        _assembler.Push(page, offset);
        _hasHole |= _assembler.MissingPages > 0;
        if (_assembler.Count == 0)
        {
            CheckTagsGoOn(page, offset);
            return;
        }

        var isTags = IsInTags && _assembler.GetPacket(page, 0).StartsWith(OpusTags.Magic);
        if (isTags)
            ReadTags(_assembler.GetPacket(page, 0), offset);
        else if (IsInTags)
            MissTags(offset);
        ReadAudio(page, offset, isTags ? 1 : 0, isCutOff);
    }

    /// <summary>Places the next packet of the current page in time.</summary>
    public void NextPacket(out OpusPacketInfo info) => Timeline.Place(_packets[_packetNext++].Duration, out info);

    /// <summary>The packet that was placed last, which ends on the current page.</summary>
    public ReadOnlySpan<byte> GetPacket(OggPage page)
    {
        if (_packetNext == 0)
            return default;
        ref readonly var packet = ref _packets[_packetNext - 1];
        return packet.Start < 0 ? _assembler.Assembled(packet.Length) : page.Data.Slice(packet.Start, packet.Length);
    }

    /// <summary>Forgets the packets of the current page.</summary>
    public void DropPackets() => _packetNext = _packetCount = 0;

    /// <summary>Takes no page before a link begins anew.</summary>
    public void Close()
    {
        ForgetPages();
        _part = Part.None;
    }

    /// <summary>Goes on at another page of the link.</summary>
    public void Land()
    {
        ForgetPages();
        _assembler.Join();
        _part = Part.Audio;
    }

    /// <summary>Nothing comes behind this offset; what that leaves undone is a defect.</summary>
    public void End(long offset)
    {
        if (Head is not null && !_sawEnd)
            defects.Add(offset, OpusDefectKind.MissingEnd, "The last page of the stream is not marked as such.");
    }

    /// <summary>Has tags to show where there were none before the end of the input.</summary>
    public void EnsureTags() => Tags ??= OpusTags.Empty;

    public void Dispose()
    {
        DropPackets();
        _assembler.Dispose();
    }

    private void ForgetPages()
    {
        DropPackets();
        _sawEnd = _reportedPageAfterEnd = _hasHole = false;
    }

    private void BeginWithoutHead(OggPage page, long offset, OpusHead head, int firstAudio)
    {
        const int HeaderPages = 2;
        Head = head;
        Serial = page.Serial;
        EnsureTags();
        defects.Add(0, OpusDefectKind.BadHead, OpusLostHead.Describe(head));
        _hasHole = page.Sequence > HeaderPages;
        Timeline.BeginLink(head.PreSkip);
        BeginAudio();
        PageCount++;
        ReadAudio(page, offset, firstAudio, isCutOff: false);
    }

    private void ReadTags(ReadOnlySpan<byte> packet, long offset)
    {
        if (passesTags)
            Tags = OpusTags.Empty;
        else if (_link >= MaxTags)
            GiveUpTags(offset);
        else if (Tags is null || !Tags.IsOf(packet))
            Tags = OpusTags.Parse(packet, out _);
        if (Tags!.Fault is { } fault)
            defects.Add(offset, OpusDefectKind.BadTags, $"OpusTags: {fault} (RFC 7845 §5.2).");
        BeginAudio();
    }

    // The smallest tags take more memory than a link has bytes.
    private void GiveUpTags(long offset)
    {
        Tags = OpusTags.Empty;
        if (_link == MaxTags)
            defects.Add(offset, OpusDefectKind.BadTags, $"Only the tags of {MaxTags} links are read.");
    }

    // Tags too large to read, or cut off by a lost page: they end on a page without a packet to show for it.
    private void CheckTagsGoOn(OggPage page, long offset)
    {
        if (IsInTags && page.Lacing.Length > 0 && page.Lacing[^1] < 255)
            MissTags(offset);
    }

    private void MissTags(long offset)
    {
        Tags = OpusTags.Empty;
        defects.Add(offset, OpusDefectKind.BadTags, "There is no OpusTags that can be read.");
        BeginAudio();
    }

    private void BeginAudio()
    {
        _part = Part.Audio;
        _assembler.MaxPacketSize = OpusPacket.MaxSizePerStream * Head!.StreamCount;
    }

    private void ReadAudio(OggPage page, long offset, int first, bool isCutOff)
    {
        var duration = FindAudio(page, offset, first);
        if (_packetCount == 0)
            return;
        var lastDuration = _packets[_packetCount - 1].Duration;
        if (isCutOff)
            Timeline.BeginCutPage(duration);
        else
            Timeline.BeginPage(page.Granule, duration, lastDuration, page.IsLast, _hasHole, offset);
        _hasHole = false;
    }

    // Keeps the valid packets of the page and tells the duration of all.
    private int FindAudio(OggPage page, long offset, int first)
    {
        var streamCount = Head!.StreamCount;
        var packets = _packets;
        var count = 0;
        var duration = 0;
        foreach (var (start, length) in _assembler.Packets[first..])
        {
            var packet = start < 0 ? _assembler.Assembled(length) : page.Data.Slice(start, length);
            var fault = OpusPacketLayout.ReadDuration(packet, streamCount, out var packetDuration);
            if (fault != OpusPacketFault.None)
                ReportMalformed(fault, offset);
            else
                packets[count++] = (start, length, packetDuration);
            duration += packetDuration;
        }

        _packetCount = count;
        return duration;
    }

    private void ReportMalformed(OpusPacketFault fault, long offset) =>
        defects.Add(offset, OpusDefectKind.MalformedPacket, $"Malformed Opus packet: {OpusPacketLayout.Describe(fault)}");
}
