using System.Buffers.Binary;
using VoiceKit.Opus;

namespace VoiceKit.WebM;

/// <summary>What stands before the clusters. Its start, up to Info, is written again in the same size at the end.</summary>
internal sealed class MatroskaHeader
{
    private const string Name = "VoiceKit";
    private const ulong AudioType = 2;

    private readonly OpusHead _head;
    private readonly OpusTags _tags;
    private readonly byte _track;
    private readonly bool _isPatched;
    private long _infoPosition;
    private long _tracksPosition;
    private long _tagsPosition;

    public MatroskaHeader(OpusHead head, OpusTags tags, byte track, bool isPatched)
    {
        _head = head;
        _tags = tags;
        _track = track;
        _isPatched = isPatched;
    }

    /// <summary>Where the segment's data begins: positions are counted from there (RFC 9559 §16).</summary>
    public long SegmentStart { get; private set; }

    /// <summary>The size of the segment's data, when it is known.</summary>
    public long SegmentSize { get; set; } = EbmlHeader.UnknownSize;

    /// <summary>Where the Cues are; 0 when they are not written.</summary>
    public long CuesPosition { get; set; }

    /// <summary>What is heard, in ms; 0 when it is not known.</summary>
    public double Duration { get; set; }

    public void WriteTo(EbmlBuilder builder)
    {
        WriteStartTo(builder);
        _tracksPosition = builder.Length - SegmentStart;
        WriteTracks(builder);
        if (_tags.Comments.Count == 0)
            return;
        _tagsPosition = builder.Length - SegmentStart;
        WriteTags(builder);
    }

    /// <summary>Writes what changes when the file is finished, and what stands before it.</summary>
    public void WriteStartTo(EbmlBuilder builder)
    {
        WriteEbml(builder);
        builder.WriteOpenStart(EbmlId.Segment, SegmentSize);
        SegmentStart = builder.Length;
        if (_isPatched)
            WriteSeekHead(builder);
        _infoPosition = builder.Length - SegmentStart;
        WriteInfo(builder);
    }

    // CodecDelay, SeekPreRoll and DiscardPadding came with version 4; a reader of version 2 can do without.
    private static void WriteEbml(EbmlBuilder builder)
    {
        var ebml = builder.Begin(EbmlId.Ebml);
        builder.WriteNumber(EbmlId.EbmlVersion, 1);
        builder.WriteNumber(EbmlId.EbmlReadVersion, 1);
        builder.WriteNumber(EbmlId.EbmlMaxIdLength, 4);
        builder.WriteNumber(EbmlId.EbmlMaxSizeLength, 8);
        builder.WriteText(EbmlId.DocType, "webm");
        builder.WriteNumber(EbmlId.DocTypeVersion, 4);
        builder.WriteNumber(EbmlId.DocTypeReadVersion, 2);
        builder.End(ebml);
    }

    // Before the file is finished there is only room for it: positions that lead nowhere would be worse than none.
    private void WriteSeekHead(EbmlBuilder builder)
    {
        const int EntrySize = 2 + 4 + 2 + 1 + 4 + 2 + 1 + 8;
        const int Entries = 4;
        const int Size = 4 + 4 + Entries * EntrySize;
        if (CuesPosition == 0)
        {
            builder.WriteVoid(Size);
            return;
        }

        var start = builder.Length;
        var seekHead = builder.Begin(EbmlId.SeekHead);
        WriteSeek(builder, EbmlId.Info, _infoPosition);
        WriteSeek(builder, EbmlId.Tracks, _tracksPosition);
        if (_tagsPosition > 0)
            WriteSeek(builder, EbmlId.Tags, _tagsPosition);
        WriteSeek(builder, EbmlId.Cues, CuesPosition);
        builder.End(seekHead);
        if (_tagsPosition == 0)
            builder.WriteVoid(start + Size - builder.Length);
    }

    private static void WriteSeek(EbmlBuilder builder, uint id, long position)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, id);
        var seek = builder.Begin(EbmlId.Seek);
        builder.WriteBytes(EbmlId.SeekId, bytes);
        builder.WriteFixedNumber(EbmlId.SeekPosition, (ulong)position);
        builder.End(seek);
    }

    private void WriteInfo(EbmlBuilder builder)
    {
        var info = builder.Begin(EbmlId.Info);
        builder.WriteNumber(EbmlId.TimestampScale, MatroskaTimeline.DefaultTimestampScale);
        builder.WriteText(EbmlId.MuxingApp, Name);
        builder.WriteText(EbmlId.WritingApp, _tags.Vendor.Length > 0 ? _tags.Vendor : Name);
        if (_isPatched)
            WriteDuration(builder);
        builder.End(info);
    }

    // A Duration must be more than 0 (RFC 9559 §5.1.2.10): where there is none to tell, its room is left.
    private void WriteDuration(EbmlBuilder builder)
    {
        const int Size = 2 + 1 + 8;
        if (Duration > 0)
            builder.WriteFloat(EbmlId.Duration, Duration);
        else
            builder.WriteVoid(Size);
    }

    private void WriteTracks(EbmlBuilder builder)
    {
        Span<byte> codecPrivate = stackalloc byte[_head.Size];
        _head.Write(codecPrivate);
        var tracks = builder.Begin(EbmlId.Tracks);
        var entry = builder.Begin(EbmlId.TrackEntry);
        builder.WriteNumber(EbmlId.TrackNumber, _track);
        builder.WriteNumber(EbmlId.TrackUid, _track);
        builder.WriteNumber(EbmlId.TrackType, AudioType);
        builder.WriteNumber(EbmlId.FlagLacing, 0);
        builder.WriteText(EbmlId.Language, "und");
        builder.WriteText(EbmlId.CodecId, MatroskaTrack.OpusCodecId);
        builder.WriteBytes(EbmlId.CodecPrivate, codecPrivate);
        builder.WriteNumber(EbmlId.CodecDelay, (ulong)Math.Round(_head.PreSkip * 1e9 / OpusRates.Full));
        builder.WriteNumber(EbmlId.SeekPreRoll, OpusPreRoll.Least * 1_000_000_000UL / OpusRates.Full);
        var audio = builder.Begin(EbmlId.Audio);
        builder.WriteFloat(EbmlId.SamplingFrequency, OpusRates.Full);
        builder.WriteNumber(EbmlId.Channels, (ulong)_head.Channels);
        builder.End(audio);
        builder.End(entry);
        builder.End(tracks);
    }

    private void WriteTags(EbmlBuilder builder)
    {
        var tags = builder.Begin(EbmlId.Tags);
        var tag = builder.Begin(EbmlId.Tag);
        builder.End(builder.Begin(EbmlId.Targets)); // About all that is in the file.
        foreach (var comment in _tags.Comments)
        {
            var simple = builder.Begin(EbmlId.SimpleTag);
            builder.WriteText(EbmlId.TagName, comment.Name);
            builder.WriteText(EbmlId.TagString, comment.Value);
            builder.End(simple);
        }

        builder.End(tag);
        builder.End(tags);
    }
}
