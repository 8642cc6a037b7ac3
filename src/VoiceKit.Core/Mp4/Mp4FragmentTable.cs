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

    private Place _at;

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
        _at.Time = time;
        _at.Top = new Mp4BoxCursor(_boxes, start, source.Length, defects);
    }

    /// <summary>Which sample comes next.</summary>
    public ref Place Current => ref _at;

    public bool TryNext(out Mp4Sample sample)
    {
        sample = default;
        while (_at.Left == 0)
        {
            if (!NextBox())
                return false;
        }

        var (duration, size) = ReadEntry();
        sample = new Mp4Sample(_at.DataAt, size, duration == 0 ? -1 : _at.Time, duration);
        _at.Time = Math.Max(_at.Time, _at.Time + duration);
        _at.DataAt = Math.Max(_at.DataAt, _at.DataAt + size);
        return true;
    }

    private bool NextBox()
    {
        if (_at.Traf.TryNext(out var box))
            ReadInTraf(box);
        else if (_at.Moof.TryNext(out box))
            BeginTraf(box);
        else if (_at.Top.TryNext(out box))
            BeginMoof(box);
        else
            return false;
        return true;
    }

    private void BeginMoof(Mp4Box box)
    {
        if (box.Type != Mp4BoxType.Moof)
            return;
        _at.Moof = new Mp4BoxCursor(_boxes, box.BodyAt, box.End, _defects);
        _at.DataAt = _at.MoofAt = box.Start;
    }

    private void BeginTraf(Mp4Box box)
    {
        if (box.Type != Mp4BoxType.Traf)
            return;
        _at.Traf = new Mp4BoxCursor(_boxes, box.BodyAt, box.End, _defects);
        _at.IsOurs = false;
    }

    private void ReadInTraf(Mp4Box box)
    {
        if (box.Type == Mp4BoxType.Tfhd)
            ReadHeader(box);
        else if (box.Type == Mp4BoxType.Tfdt && _at.IsOurs)
            _at.Time = ReadTime(box);
        else if (box.Type == Mp4BoxType.Trun)
            BeginRun(box);
    }

    // §8.8.7.1: without a base of its own, the first traf starts at moof and each later one where the data before ends.
    private void ReadHeader(Mp4Box box)
    {
        var flags = _boxes.GetUInt32(box.BodyAt);
        _at.IsOurs = _boxes.GetUInt32(box.BodyAt + 4) == _track.Id;
        _at.DefaultDuration = _at.IsOurs ? _track.DefaultDuration : 0;
        _at.DefaultSize = _at.IsOurs ? _track.DefaultSize : 0;
        var at = box.BodyAt + 8;
        _at.Base = (flags & BaseIsMoof) != 0 ? _at.MoofAt : _at.DataAt;
        if ((flags & HasBaseOffset) != 0)
        {
            _at.Base = (long)Math.Min(_boxes.GetUInt64(at), long.MaxValue);
            at += 8;
        }

        _at.DataAt = _at.Base;
        if ((flags & HasDescriptionIndex) != 0)
            at += 4;
        if ((flags & HasDefaultDuration) != 0)
        {
            _at.DefaultDuration = _boxes.GetUInt32(at);
            at += 4;
        }

        if ((flags & HasDefaultSize) != 0)
            _at.DefaultSize = _boxes.GetUInt32(at);
    }

    private long ReadTime(Mp4Box box) => _boxes.GetByte(box.BodyAt) == 0
        ? _boxes.GetUInt32(box.BodyAt + 4)
        : (long)Math.Min(_boxes.GetUInt64(box.BodyAt + 4), long.MaxValue);

    private void BeginRun(Mp4Box box)
    {
        _at.Flags = _boxes.GetUInt32(box.BodyAt);
        long count = _boxes.GetUInt32(box.BodyAt + 4);
        _at.EntryAt = box.BodyAt + 8;
        if ((_at.Flags & HasDataOffset) != 0)
        {
            _at.DataAt = Add(_at.Base, (int)_boxes.GetUInt32(_at.EntryAt));
            _at.EntryAt += 4;
        }

        if ((_at.Flags & HasFirstFlags) != 0)
            _at.EntryAt += 4;
        _at.EntrySize = SizeOf(HasDuration) + SizeOf(HasSize) + SizeOf(HasFlags) + SizeOf(HasCompositionOffset);
        var room = Math.Max(0, RoomFor(box));
        if (count > room && _at.IsOurs)
            _defects.Add(box.Start, OpusDefectKind.BadStructure, $"A track run of {count} samples with room for {room}.");
        _at.Left = Math.Min(count, room);
        if (!_at.IsOurs)
            SkipRun();
    }

    // Samples that take no room in the table take some in the data.
    private long RoomFor(Mp4Box box)
    {
        if (_at.EntrySize > 0 && ((_at.Flags & HasSize) != 0 || _at.DefaultSize > 0))
            return (box.End - _at.EntryAt) / _at.EntrySize;
        return _at.DefaultSize == 0 ? 0 : _source.Length / _at.DefaultSize;
    }

    private void SkipRun()
    {
        if ((_at.Flags & HasSize) == 0)
            _at.DataAt = Add(_at.DataAt, _at.Left * _at.DefaultSize);
        else
        {
            for (; _at.Left > 0;)
                _at.DataAt = Add(_at.DataAt, ReadEntry().Size);
        }

        _at.Left = 0;
    }

    private (uint Duration, uint Size) ReadEntry()
    {
        var at = _at.EntryAt;
        var (duration, size) = (_at.DefaultDuration, _at.DefaultSize);
        if ((_at.Flags & HasDuration) != 0)
        {
            duration = _entries.GetUInt32(at);
            at += 4;
        }

        if ((_at.Flags & HasSize) != 0)
            size = _entries.GetUInt32(at);
        _at.EntryAt += _at.EntrySize;
        _at.Left--;
        return (duration, size);
    }

    private int SizeOf(uint flag) => (_at.Flags & flag) != 0 ? sizeof(uint) : 0;

    private static long Add(long position, long count) =>
        count > 0 && position > long.MaxValue - count ? long.MaxValue : position + count;

    /// <summary>A place in the fragments.</summary>
    public struct Place
    {
        public Mp4BoxCursor Top;
        public Mp4BoxCursor Moof;
        public Mp4BoxCursor Traf;
        public long MoofAt;
        public bool IsOurs;
        public uint DefaultDuration;
        public uint DefaultSize;
        public long DataAt;
        public long Base;

        // The samples of the current run that are still to come.
        public long Left;
        public long EntryAt;
        public int EntrySize;
        public uint Flags;
        public long Time;
    }
}
