using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.Mp4;

/// <summary>
/// Goes through the samples of the tables in stbl (ISO/IEC 14496-12 §8.6.1.2, §8.7.3–§8.7.5), one after the other. The tables
/// stay in the input; a few KiB of each are in memory.
/// </summary>
internal sealed class Mp4SampleTable
{
    private const int WindowSize = 4096;

    private readonly Mp4Table _times;
    private readonly Mp4Table _chunkRuns;
    private readonly Mp4Table _sizes;
    private readonly Mp4Table _chunks;
    private readonly uint _constantSize;
    private readonly int _sizeBits;
    private readonly long _sampleCount;

    private Place _at = new() { Chunk = -1, ChunkRun = -1, TimeRun = -1 };

    public Mp4SampleTable(ByteSource source, ByteWindow window, Mp4Box stbl, OpusDefectLog defects)
    {
        _times = Open(Mp4BoxType.Stts, 8, 64);
        _chunkRuns = Open(Mp4BoxType.Stsc, 8, 96);
        var longChunks = Mp4BoxCursor.Find(window, stbl, Mp4BoxType.Co64).Exists;
        _chunks = Open(longChunks ? Mp4BoxType.Co64 : Mp4BoxType.Stco, 8, longChunks ? 64 : 32);

        var compact = Mp4BoxCursor.Find(window, stbl, Mp4BoxType.Stz2);
        var sizes = Mp4BoxCursor.Find(window, stbl, Mp4BoxType.Stsz);
        if (sizes.Exists || !compact.Exists)
        {
            _constantSize = window.GetUInt32(sizes.BodyAt + 4);
            _sizeBits = _constantSize == 0 ? 32 : 0;
            _sizes = Open(Mp4BoxType.Stsz, 12, _sizeBits);
        }
        else
        {
            _sizeBits = window.GetByte(compact.BodyAt + 7) switch { 4 => 4, 16 => 16, _ => 8 };
            _sizes = Open(Mp4BoxType.Stz2, 12, _sizeBits);
        }

        _sampleCount = _sizes.Count;
        Duration = SumDurations();

        Mp4Table Open(uint type, int entriesAt, int bits) =>
            Mp4Table.Open(new ByteWindow(source, WindowSize), Mp4BoxCursor.Find(window, stbl, type), entriesAt, bits, defects);
    }

    /// <summary>How long the samples last by the tables, in units of the media's timescale.</summary>
    public long Duration { get; }

    /// <summary>Which sample comes next.</summary>
    public ref Place Current => ref _at;

    public bool TryNext(out Mp4Sample sample)
    {
        sample = default;
        if (_at.Sample >= _sampleCount)
            return false;
        while (_at.LeftInChunk == 0)
        {
            if (!NextChunk())
                return false;
        }

        var size = ReadSize();
        var hasTime = NextTime();
        sample = new Mp4Sample(_at.Offset, size, hasTime ? _at.Time : -1, hasTime ? _at.Delta : 0);
        _at.Time += _at.Delta;
        _at.Offset = Math.Max(_at.Offset, _at.Offset + size);
        _at.LeftInChunk--;
        _at.Sample++;
        return true;
    }

    private bool NextChunk()
    {
        if (++_at.Chunk >= _chunks.Count)
            return false;
        while (_at.ChunkRun + 1 < _chunkRuns.Count
            && (_at.ChunkRun < 0 || _chunkRuns.GetUInt32(_at.ChunkRun + 1, 0) <= _at.Chunk + 1))
            _at.ChunkRun++;
        _at.LeftInChunk = _at.ChunkRun < 0 ? 0 : _chunkRuns.GetUInt32(_at.ChunkRun, 4);
        var offset = _chunks.EntryBits == 64 ? _chunks.GetUInt64(_at.Chunk) : _chunks.GetUInt32(_at.Chunk, 0);
        _at.Offset = (long)Math.Min(offset, long.MaxValue);
        return true;
    }

    private uint ReadSize() => _sizeBits switch
    {
        0 => _constantSize,
        4 => (uint)(_sizes.GetByte(_at.Sample / 2) >> (_at.Sample % 2 == 0 ? 4 : 0)) & 0xF,
        8 => _sizes.GetByte(_at.Sample),
        16 => _sizes.GetUInt16(_at.Sample),
        _ => _sizes.GetUInt32(_at.Sample, 0),
    };

    private bool NextTime()
    {
        while (_at.LeftInTimeRun == 0)
        {
            if (++_at.TimeRun >= _times.Count)
                return false;
            _at.LeftInTimeRun = _times.GetUInt32(_at.TimeRun, 0);
            _at.Delta = _times.GetUInt32(_at.TimeRun, 4);
        }

        _at.LeftInTimeRun--;
        return true;
    }

    private long SumDurations()
    {
        UInt128 sum = 0;
        var left = _sampleCount;
        for (long run = 0; run < _times.Count && left > 0; run++)
        {
            var count = Math.Min(left, _times.GetUInt32(run, 0));
            sum += (UInt128)(ulong)count * _times.GetUInt32(run, 4);
            left -= count;
        }

        return (long)UInt128.Min(sum, long.MaxValue);
    }

    /// <summary>A place in the tables.</summary>
    public struct Place
    {
        public long Sample;
        public long Chunk;
        public long ChunkRun;
        public uint LeftInChunk;
        public long Offset;
        public long TimeRun;
        public uint LeftInTimeRun;
        public uint Delta;
        public long Time;
    }
}
