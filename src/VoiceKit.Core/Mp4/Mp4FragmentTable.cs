using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.Mp4;

/// <summary>
/// Goes through the samples of one track in movie fragments (ISO/IEC 14496-12 §8.8), one after the other. The tables stay in the
/// input.
/// </summary>
internal sealed class Mp4FragmentTable
{
    private const int WindowSize = 4096;

    private const uint HasBaseOffset = 0x1;
    private const uint HasDescriptionIndex = 0x2;
    private const uint HasDefaultDuration = 0x8;
    private const uint HasDefaultSize = 0x10;
    private const uint BaseIsMoof = 0x2_0000;

    private const uint HasDataOffset = 0x1;
    private const uint HasFirstFlags = 0x4;
    private const uint HasDuration = 0x100;
    private const uint HasSize = 0x200;
    private const uint HasFlags = 0x400;
    private const uint HasCompositionOffset = 0x800;

    private readonly ByteSource _source;
    private readonly ByteWindow _boxes;
    private readonly ByteWindow _entries;
    private readonly Mp4Track _track;
    private readonly OpusDefectLog _defects;

    private Mp4BoxCursor _top;
    private Mp4BoxCursor _moof;
    private Mp4BoxCursor _traf;
    private long _moofAt;
    private bool _isOurs;
    private uint _defaultDuration;
    private uint _defaultSize;
    private long _dataAt;
    private long _base;

    // The samples of the current run that are still to come.
    private long _left;
    private long _entryAt;
    private int _entrySize;
    private uint _flags;
    private long _time;

    /// <param name="source">The input.</param>
    /// <param name="track">The track.</param>
    /// <param name="start">Where the boxes behind moov begin.</param>
    /// <param name="time">Where on the media's time line the samples of moov end.</param>
    /// <param name="defects">Takes what is broken.</param>
    public Mp4FragmentTable(ByteSource source, Mp4Track track, long start, long time, OpusDefectLog defects)
    {
        _source = source;
        _boxes = new ByteWindow(source, WindowSize);
        _entries = new ByteWindow(source, WindowSize);
        _track = track;
        _defects = defects;
        _time = time;
        _top = new Mp4BoxCursor(_boxes, start, source.Length, defects);
    }

    public bool TryNext(out Mp4Sample sample)
    {
        sample = default;
        while (_left == 0)
        {
            if (!NextBox())
                return false;
        }

        var (duration, size) = ReadEntry();
        sample = new Mp4Sample(_dataAt, size, duration == 0 ? -1 : _time, duration);
        _time = Math.Max(_time, _time + duration);
        _dataAt = Math.Max(_dataAt, _dataAt + size);
        return true;
    }

    private bool NextBox()
    {
        if (_traf.TryNext(out var box))
            ReadInTraf(box);
        else if (_moof.TryNext(out box))
            BeginTraf(box);
        else if (_top.TryNext(out box))
            BeginMoof(box);
        else
            return false;
        return true;
    }

    private void BeginMoof(Mp4Box box)
    {
        if (box.Type != Mp4BoxType.Moof)
            return;
        _moof = new Mp4BoxCursor(_boxes, box.BodyAt, box.End, _defects);
        _dataAt = _moofAt = box.Start;
    }

    private void BeginTraf(Mp4Box box)
    {
        if (box.Type != Mp4BoxType.Traf)
            return;
        _traf = new Mp4BoxCursor(_boxes, box.BodyAt, box.End, _defects);
        _isOurs = false;
    }

    private void ReadInTraf(Mp4Box box)
    {
        if (box.Type == Mp4BoxType.Tfhd)
            ReadHeader(box);
        else if (box.Type == Mp4BoxType.Tfdt && _isOurs)
            _time = ReadTime(box);
        else if (box.Type == Mp4BoxType.Trun)
            BeginRun(box);
    }

    // §8.8.7.1: without a base of its own, the first traf starts at moof and each later one where the data before ends.
    private void ReadHeader(Mp4Box box)
    {
        var flags = _boxes.GetUInt32(box.BodyAt);
        _isOurs = _boxes.GetUInt32(box.BodyAt + 4) == _track.Id;
        _defaultDuration = _isOurs ? _track.DefaultDuration : 0;
        _defaultSize = _isOurs ? _track.DefaultSize : 0;
        var at = box.BodyAt + 8;
        _base = (flags & BaseIsMoof) != 0 ? _moofAt : _dataAt;
        if ((flags & HasBaseOffset) != 0)
        {
            _base = (long)Math.Min(_boxes.GetUInt64(at), long.MaxValue);
            at += 8;
        }

        _dataAt = _base;
        if ((flags & HasDescriptionIndex) != 0)
            at += 4;
        if ((flags & HasDefaultDuration) != 0)
        {
            _defaultDuration = _boxes.GetUInt32(at);
            at += 4;
        }

        if ((flags & HasDefaultSize) != 0)
            _defaultSize = _boxes.GetUInt32(at);
    }

    private long ReadTime(Mp4Box box) => _boxes.GetByte(box.BodyAt) == 0
        ? _boxes.GetUInt32(box.BodyAt + 4)
        : (long)Math.Min(_boxes.GetUInt64(box.BodyAt + 4), long.MaxValue);

    private void BeginRun(Mp4Box box)
    {
        _flags = _boxes.GetUInt32(box.BodyAt);
        long count = _boxes.GetUInt32(box.BodyAt + 4);
        _entryAt = box.BodyAt + 8;
        if ((_flags & HasDataOffset) != 0)
        {
            _dataAt = Add(_base, (int)_boxes.GetUInt32(_entryAt));
            _entryAt += 4;
        }

        if ((_flags & HasFirstFlags) != 0)
            _entryAt += 4;
        _entrySize = SizeOf(HasDuration) + SizeOf(HasSize) + SizeOf(HasFlags) + SizeOf(HasCompositionOffset);
        var room = Math.Max(0, RoomFor(box));
        if (count > room && _isOurs)
            _defects.Add(box.Start, OpusDefectKind.BadStructure, $"A track run of {count} samples with room for {room}.");
        _left = Math.Min(count, room);
        if (!_isOurs)
            SkipRun();
    }

    // Samples that take no room in the table take some in the data.
    private long RoomFor(Mp4Box box)
    {
        if (_entrySize > 0 && ((_flags & HasSize) != 0 || _defaultSize > 0))
            return (box.End - _entryAt) / _entrySize;
        return _defaultSize == 0 ? 0 : _source.Length / _defaultSize;
    }

    private void SkipRun()
    {
        if ((_flags & HasSize) == 0)
            _dataAt = Add(_dataAt, _left * _defaultSize);
        else
        {
            for (; _left > 0;)
                _dataAt = Add(_dataAt, ReadEntry().Size);
        }

        _left = 0;
    }

    private (uint Duration, uint Size) ReadEntry()
    {
        var at = _entryAt;
        var (duration, size) = (_defaultDuration, _defaultSize);
        if ((_flags & HasDuration) != 0)
        {
            duration = _entries.GetUInt32(at);
            at += 4;
        }

        if ((_flags & HasSize) != 0)
            size = _entries.GetUInt32(at);
        _entryAt += _entrySize;
        _left--;
        return (duration, size);
    }

    private int SizeOf(uint flag) => (_flags & flag) != 0 ? sizeof(uint) : 0;

    private static long Add(long position, long count) =>
        count > 0 && position > long.MaxValue - count ? long.MaxValue : position + count;
}
