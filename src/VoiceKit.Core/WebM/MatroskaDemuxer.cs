using VoiceKit.Audio;
using VoiceKit.Opus;

namespace VoiceKit.WebM;

/// <summary>
/// Reads Opus in WebM or Matroska (RFC 9559) from bytes that arrive piece by piece: the head, the comments, packets and their
/// time. Does no I/O itself. This part knows what elements mean; <see cref="MatroskaWalker"/> knows where they are.
/// </summary>
internal sealed class MatroskaDemuxer : IMatroskaHandler, IDisposable
{
    /// <summary>The largest block that is read: eight of the largest packets, or one of many streams.</summary>
    private const int MaxBlockPackets = 8;

    private readonly OpusDefectLog _defects;
    private readonly bool _isStrict;
    private readonly MatroskaWalker _walker;
    private readonly MatroskaTrackList _tracks = new();
    private readonly MatroskaTagList _tags;
    private readonly OpusPlaces<(MatroskaPlace Place, MatroskaTime Time, MatroskaTrack Track, OpusHead Head, int Link)> _places =
        new();
    private readonly MatroskaPackets _packets;

    private long _clusterTimestamp;
    private long _discardPadding;
    private MatroskaTrack? _track;
    private bool _hasLinkPackets;
    private readonly MatroskaTimeline _timeline;

    // Behind a seek: where to, and up to where tags are known.
    private OpusSeekTarget _target;
    private long _tagsReadUntil;
    private bool _isKnownTag;
    private bool _hasPacket;

    public MatroskaDemuxer(OpusReaderOptions options)
    {
        _isStrict = options.Strict;
        _defects = new OpusDefectLog(_isStrict);
        _tags = new MatroskaTagList(_defects, options.MaxTagsSize);
        _timeline = new MatroskaTimeline(_defects);
        _packets = new MatroskaPackets(_defects);
        _walker = new MatroskaWalker(this, _defects, options.MaxTagsSize);
    }

    public OpusHead? Head { get; private set; }

    /// <summary>Counts the documents behind one another whose packets are read; 0 for the first.</summary>
    public int Link { get; private set; }

    public OpusTags Tags => _tags.Tags;

    /// <summary>How many bytes were read.</summary>
    public long Offset => _walker.Offset;

    public MatroskaTimeline Timeline => _timeline;

    public OpusDefectLog Defects => _defects;

    public ReadOnlySpan<byte> Packet => _hasPacket ? _packets.Current : default;

    public OpusPacketInfo PacketInfo { get; private set; }

    /// <inheritdoc cref="IOpusPacketReader.Position"/>
    public long Position => _target.PositionAfter(_timeline.Position);

    /// <summary>The length of all there is, once the end was read.</summary>
    public long? Length { get; private set; }

    public bool HasTrack => Head is not null || _tracks.Opus is not null;

    public bool HasPackets => _packets.HasNext;

    public int MaxBlockSize => OpusPacket.MaxSizePerStream * Math.Max(MaxBlockPackets, Head?.StreamCount ?? 1);

    public Memory<byte> GetFreeSpace()
    {
        _packets.Drop();
        return _walker.GetFreeSpace();
    }

    public void Advance(int count) => _walker.Advance(count);

    /// <summary>Reads on until the first cluster begins.</summary>
    public WebMReadStatus ReadHeaders()
    {
        while (!_walker.SawCluster)
        {
            var status = _walker.Step();
            if (status == WebMReadStatus.NeedData)
                return status;
            if (status == WebMReadStatus.End)
                break;
        }

        if (!_walker.SawDocument)
            throw NotReadable();
        if (Head is null)
            OpenTrack();
        return WebMReadStatus.Ready;
    }

    /// <summary>Reads the next packet.</summary>
    public WebMReadStatus ReadPacket()
    {
        _hasPacket = false;
        OpusPacketInfo info;
        do
        {
            while (!HasPackets)
            {
                _packets.Drop();
                var status = _walker.Step();
                if (status == WebMReadStatus.End)
                    End();
                if (status != WebMReadStatus.Ready)
                    return status;
            }

            _hasLinkPackets = true;
            info = _timeline.Place(_packets.Take());
        }
        while (!_target.TryCut(ref info));
        _target.Reach();
        _hasPacket = true;
        PacketInfo = info;
        return WebMReadStatus.Ready;
    }

    /// <summary>Goes to a position: what comes next is read from the last cluster before it that is known.</summary>
    /// <returns>The offset to read from; null to read on.</returns>
    public long? Seek(long position, int preRoll)
    {
        _target = new OpusSeekTarget(position, preRoll);
        _hasPacket = false;
        PacketInfo = default;
        if (!_places.TryFind(_target.GivenFrom, out var found, out var known))
            return null; // There is no cluster.
        if (_timeline.Position < _target.GivenFrom && _timeline.Position >= found)
            return null;

        // What is said of the end itself is known as well.
        _defects.Know(0, _walker.IsEnded ? _walker.Offset + 1 : _walker.Offset);
        _packets.Drop();
        _packets.DropHeld();
        _walker.Seek(known.Place);
        (_timeline.Now, _track) = (known.Time, known.Track);
        (Head, Link, _hasLinkPackets) = (known.Head, known.Link, true);
        return known.Place.Offset;
    }

    private void End()
    {
        _target.Reach();
        Length = _timeline.Position;
    }

    public void Dispose()
    {
        _packets.Dispose();
        _walker.Dispose();
    }

    public bool IsForTrack(long track) => _track is not null && track == _track.Number;

    public void BeginDocument()
    {
        _tracks.Clear();
        _track = null;
        _clusterTimestamp = 0;
    }

    public void Begin(uint id, long offset)
    {
        switch (id)
        {
            case EbmlId.TrackEntry:
                _tracks.BeginTrack(offset);
                break;
            case EbmlId.ContentEncoding:
                _tracks.BeginEncoding();
                break;
            case EbmlId.Tag:
                _isKnownTag = offset < _tagsReadUntil;
                if (!_isKnownTag)
                    _tags.BeginTag();
                break;
            case EbmlId.SimpleTag when !_isKnownTag:
                _tags.BeginSimpleTag(offset);
                break;
            case EbmlId.Cluster:
                if (_track is null)
                    OpenTrack();
                KeepPlace(offset);
                break;
            case EbmlId.BlockGroup:
                _packets.DropHeld();
                _discardPadding = 0;
                break;
        }
    }

    public void End(uint id)
    {
        switch (id)
        {
            case EbmlId.TrackEntry:
                _tracks.EndTrack();
                break;
            case EbmlId.Tag when !_isKnownTag:
                _tags.EndTag();
                _tagsReadUntil = _walker.Offset;
                break;
            case EbmlId.SimpleTag when !_isKnownTag:
                _tags.EndSimpleTag();
                break;
            case EbmlId.BlockGroup when _packets.HasHeld:
                EndBlockGroup();
                break;
        }
    }

    public bool TryReserveText(long size, long offset) => offset >= _tagsReadUntil && _tags.TryReserve(size, offset);

    public void Take(uint parent, uint id, ReadOnlySpan<byte> data, long offset)
    {
        switch (parent)
        {
            case EbmlId.Ebml when id == EbmlId.DocType:
                CheckDocType(data, offset);
                break;
            case EbmlId.Info when id == EbmlId.TimestampScale:
                SetTimestampScale(data, offset);
                break;
            case EbmlId.Info:
                _tags.TakeInfo(id, data);
                break;
            case EbmlId.Targets when _isKnownTag:
                break;
            case EbmlId.Targets:
                _tags.TakeTarget(id, data);
                break;
            case EbmlId.SimpleTag:
                _tags.TakeSimpleTag(id, data);
                break;
            case EbmlId.Cluster when id == EbmlId.Timestamp:
                _clusterTimestamp = (long)Math.Min(EbmlHeader.ReadBigEndian(data), long.MaxValue / 2);
                break;
            case EbmlId.BlockGroup when id == EbmlId.DiscardPadding:
                _discardPadding = EbmlHeader.ReadSigned(data);
                break;
            default:
                _tracks.Take(id, data, offset);
                break;
        }
    }

    public void TakeBlock(uint id, byte[] buffer, int start, int length, long offset)
    {
        if (id != EbmlId.SimpleBlock)
            _packets.Hold(buffer.AsSpan(start, length), offset);
        else if (_packets.TryLoad(buffer, start, length, offset, _track!, Head!.StreamCount, out var timestamp))
            _timeline.BeginBlock(_clusterTimestamp + timestamp, _packets.Duration, 0, offset);
    }

    public VoiceFormatException NotReadable()
    {
        var start = _walker.LeadingBytes;
        var what = _walker.SawDocument ? "This WebM or Matroska file is damaged: no Tracks were found."
            : start.IsEmpty ? "The input is empty."
            : MediaNames.Identify(start) is { } name ? $"This is not WebM or Matroska: it is {name}."
            : "This is not WebM or Matroska: no EBML header was found.";
        return new VoiceFormatException(what, 0);
    }

    private static void CheckDocType(ReadOnlySpan<byte> data, long offset)
    {
        var isKnown = data.TrimEnd((byte)0).SequenceEqual("webm"u8) || data.TrimEnd((byte)0).SequenceEqual("matroska"u8);
        if (!isKnown)
            throw new VoiceFormatException("This is EBML, but neither WebM nor Matroska.", offset);
    }

    private void SetTimestampScale(ReadOnlySpan<byte> data, long offset)
    {
        const ulong LongestTick = 3_600_000_000_000;
        var scale = EbmlHeader.ReadBigEndian(data);
        var isValid = scale is > 0 and <= LongestTick;
        if (!isValid)
            _defects.Add(offset, OpusDefectKind.BadTimestamp, $"TimestampScale is {scale}: a millisecond is taken.");
        _timeline.TimestampScale = isValid ? (long)scale : MatroskaTimeline.DefaultTimestampScale;
    }

    private void KeepPlace(long offset)
    {
        if (_track is { } track && _places.Wants(_timeline.Position))
            _places.Add(_timeline.Position, (_walker.PlaceAt(offset), _timeline.Now, track, Head!, Link));
    }

    private void OpenTrack()
    {
        if (_tracks.Opus is not { } track)
        {
            if (Head is null)
                throw new VoiceFormatException($"This WebM or Matroska file holds no Opus: {_tracks.Others}.", _walker.Offset);
            return;
        }

        if (TryOpen(track) is not { } head)
        {
            _tracks.Clear();
            return;
        }

        if (_hasLinkPackets)
            Link++;
        Head = head;
        _hasLinkPackets = false;
        _track = track;
        _tags.TrackUid = track.Uid;
        _timeline.BeginTrack(head.PreSkip);
    }

    // The first track is opened or refused; one of a document behind it is passed over where it cannot be read. It begins with a
    // fresh decoder, as its own recording did.
    private OpusHead? TryOpen(MatroskaTrack track)
    {
        if (Head is null)
            return track.Open(_defects);
        try
        {
            return track.Open(_defects);
        }
        catch (VoiceFormatException exception) when (!_isStrict)
        {
            _defects.Add(track.HeadOffset, OpusDefectKind.BadHead, exception.Message);
        }

        return null;
    }

    private void EndBlockGroup()
    {
        if (_packets.TryLoadHeld(_track!, Head!.StreamCount, out var timestamp))
            _timeline.BeginBlock(_clusterTimestamp + timestamp, _packets.Duration, _discardPadding, _packets.HeldOffset);
    }
}
