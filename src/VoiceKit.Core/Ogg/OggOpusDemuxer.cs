using VoiceKit.Audio;
using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>
/// Reads Ogg Opus from bytes that arrive piece by piece. This part has the physical stream (RFC 3533 §4): it finds pages, begins
/// each link of a chained file, and hands the pages of its Opus stream to <see cref="OggOpusStream"/>. Does no I/O itself.
/// Logical streams beside the Opus one are passed over.
/// </summary>
internal sealed class OggOpusDemuxer : IDisposable
{
    /// <summary>How far into the input the first page may be.</summary>
    private const int MaxLeadingJunk = 256 * 1024;

    private readonly OggPageSync _sync;
    private readonly OggOpusStream _stream;
    private readonly OpusDefectLog _defects;
    private readonly OpusReaderOptions _options;
    private readonly byte[] _leadingBytes = new byte[MediaNames.Length];
    private int _leadingCount;
    private OpusPacketInfo _packetInfo;
    private string? _otherCodec;

    // The page that comes next begins a link that was read before.
    private bool _restarts;

    // From where on all defects are found; null behind a jump, as what is wrong between its first page and the one before is not.
    private long? _readFrom = 0;

    public OggOpusDemuxer(OpusReaderOptions options, bool passesTags = false)
    {
        _options = options;
        _defects = new OpusDefectLog(options.Strict);
        _sync = new OggPageSync(_defects) { AcceptsBadPage = true };
        _stream = new OggOpusStream(_defects, options, passesTags);
    }

    public OpusHead? Head => _stream.Head;

    public OpusTags? Tags => _stream.Tags;

    /// <summary>Counts the links of a chained file; 0 for the first.</summary>
    public int Link { get; private set; }

    /// <summary>The offset of the current link's first page.</summary>
    public long LinkOffset { get; private set; }

    /// <summary>The serial number of the current link's stream.</summary>
    public uint Serial => _stream.Serial;

    /// <summary>How many pages were found, of any stream.</summary>
    public long FoundPageCount => _sync.PageCount;

    /// <summary>The pages of the Opus stream that were read, headers included.</summary>
    public long PageCount => _stream.PageCount;

    /// <summary>Whether the end of the input was read.</summary>
    public bool IsAtEnd { get; private set; }

    public OggOpusTimeline Timeline => _stream.Timeline;

    public OpusDefectLog Defects => _defects;

    public ReadOnlySpan<byte> Packet => _stream.GetPacket(_sync.Page);

    public ref readonly OpusPacketInfo PacketInfo => ref _packetInfo;

    /// <summary>The offset of the page on which the current packet ends.</summary>
    public long PageOffset => _sync.PageOffset;

    /// <summary>The current page, the one on which the current packet ends.</summary>
    public OggPage Page => _sync.Page;

    /// <summary>How the checksums of the file are wrong, all alike.</summary>
    public OggCrcMistake ChecksumMistake => _sync.Mistake;

    public Memory<byte> GetFreeSpace()
    {
        _stream.DropPackets();
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
        _stream.Close();
        Timeline.Restart(start, heardFrom, preRoll);
    }

    /// <summary>Goes to a page of the current link.</summary>
    /// <param name="offset">The page's offset.</param>
    /// <param name="origin">See <see cref="OggOpusTimeline.Origin"/>.</param>
    /// <param name="heardFrom">The position from which on packets are heard.</param>
    /// <param name="preRoll">How much before that is given to be decoded, in samples at 48 kHz.</param>
    public void LandAt(long offset, long origin, long heardFrom, int preRoll = OpusPreRoll.Least)
    {
        Seek(offset);
        _stream.Land();
        Timeline.Land(origin, heardFrom, preRoll);
    }

    /// <summary>Reads on until the headers of the first link are there.</summary>
    public OggReadStatus ReadHeaders()
    {
        while (!IsAtEnd && !_stream.IsInAudio)
        {
            var status = ReadPage();
            if (status == OggReadStatus.NeedData)
                return status;
        }

        return Head is null ? throw NotOggOpus() : OggReadStatus.Ready;
    }

    /// <summary>Reads the next packet.</summary>
    public OggReadStatus ReadPacket()
    {
        do
        {
            while (!_stream.HasPackets)
            {
                if (IsAtEnd)
                    return OggReadStatus.End;
                var status = ReadPage();
                if (status != OggReadStatus.Ready)
                    return status;
            }

            _stream.NextPacket(out _packetInfo);
        }
        while (Timeline.IsBeforePreRoll);
        return OggReadStatus.Ready;
    }

    public void Dispose()
    {
        IsAtEnd = true;
        _stream.Dispose();
        _sync.Dispose();
    }

    private void Seek(long offset)
    {
        // What is said of the end itself is known as well.
        if (_readFrom is { } start)
            _defects.Know(start, IsAtEnd ? _sync.Consumed + 1 : _sync.Consumed);
        _readFrom = null;
        IsAtEnd = false;
        _sync.Seek(offset);
    }

    private OggReadStatus ReadPage()
    {
        _stream.DropPackets();
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
        else if (_stream.IsOpen && page.Serial == Serial)
            _stream.Push(page, PageOffset, _sync.IsCutOff);
        else if (_options.Salvages && Head is null && _stream.TryBeginWithoutHead(page, PageOffset))
            _sync.Salvaged = page.Serial;
    }

    // The first Opus stream of a link is the one that is read; a page that begins a stream later begins a new link.
    private void BeginStream(OggPage page)
    {
        if (!page.Data[page.BodyAt..].StartsWith(OpusHead.Magic))
        {
            _otherCodec ??= OggCodecNames.Identify(page.Data[page.BodyAt..]);
            if (_stream.IsOpen && page.Serial == Serial)
                _defects.Add(PageOffset, OpusDefectKind.BadStructure, "A page of audio is marked as the first: it is left out.");
            return;
        }

        if (_stream.IsInTags && page.Serial != Serial)
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
        _stream.End(PageOffset);
        Link++;
        BeginLink(page);
    }

    private void BeginLink(OggPage page)
    {
        _stream.Begin(page, PageOffset, Link);
        LinkOffset = PageOffset;
        _restarts = false;
        _sync.AcceptsBadPage = false;
        _sync.Salvaged = _options.Salvages ? page.Serial : null;
    }

    private void End()
    {
        if (!IsAtEnd)
            _stream.End(_sync.Consumed);
        IsAtEnd = true;
        _stream.EnsureTags();
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
            : start.StartsWith(OggPage.CapturePattern)
                ? "This Ogg file is damaged: no page with an OpusHead was found. A repair may find audio in it."
            : MediaNames.Identify(start) is { } name ? $"This is not Ogg Opus: it is {name}."
            : "This is not Ogg Opus: no page with an OpusHead was found.";
        return new VoiceFormatException(what, 0);
    }
}
