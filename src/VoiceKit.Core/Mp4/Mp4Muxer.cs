using System.Buffers;
using System.Buffers.Binary;
using VoiceKit.Opus;

namespace VoiceKit.Mp4;

/// <summary>
/// Makes MP4 of Opus packets, without I/O, with its tables at once: behind the packets where the output can seek, and before them
/// where not.
/// </summary>
internal sealed class Mp4Muxer(OpusHead head, OpusTags tags, bool canSeek) : IOpusMuxer
{
    private const int WriteSize = 16 * 1024;
    private const int DataHeaderSize = 16;

    // About a second of the usual packets, which players read at once.
    private const int ChunkLength = 50;

    private readonly Mp4PacketList _list = new(head);
    private readonly ArrayBufferWriter<byte> _packets = new(2 * WriteSize);
    private byte[] _before = [];
    private byte[] _after = [];
    private bool _canTakePackets;
    private long _dataAt;

    public long Duration => _list.Duration;

    public long PendingSize => _before.Length + _packets.WrittenCount + sizeof(int) * (long)_list.Count;

    public bool HasOutput => !Output.IsEmpty;

    public ReadOnlyMemory<byte> Output => _before.Length > 0 ? _before
        : _canTakePackets && _packets.WrittenCount > 0 ? _packets.WrittenMemory
        : _after;

    public IReadOnlyList<OpusMuxerPatch> Patches { get; private set; } = [];

    public void ClearOutput()
    {
        if (_before.Length > 0)
            _before = [];
        else if (_canTakePackets && _packets.WrittenCount > 0)
            _packets.ResetWrittenCount();
        else
            _after = [];
        _canTakePackets &= _packets.WrittenCount > 0;
    }

    public void WritePacket(ReadOnlySpan<byte> packet)
    {
        _list.Add(packet);
        if (canSeek && _list.Count == 1)
            _before = MakeStart([], 0);
        _packets.Write(packet);
        _canTakePackets = canSeek && _packets.WrittenCount >= WriteSize;
    }

    public void Flush() => _canTakePackets = canSeek && _packets.WrittenCount > 0;

    public void Finish(int trimEnd)
    {
        _list.CheckEnd(Duration, trimEnd);
        var times = new Mp4Times(Duration, Duration - head.PreSkip - trimEnd);
        _canTakePackets = _packets.WrittenCount > 0;
        if (canSeek)
        {
            _after = MakeMovie(times, _dataAt);
            Patches = [new OpusMuxerPatch(_dataAt - sizeof(long), DataSize())];
            return;
        }

        // The tables are as long wherever the packets begin.
        var start = MakeStart([], 0);
        var size = MakeMovie(times, 0).Length;
        _before = MakeStart(MakeMovie(times, start.Length + size), _list.Size);
    }

    private byte[] MakeStart(byte[] movie, long dataSize)
    {
        var boxes = new Mp4BoxBuilder();
        Mp4MovieBoxes.WriteFileType(boxes, isFragmented: false);
        boxes.Bytes(movie);
        boxes.UInt32(1);
        boxes.Bytes("mdat"u8);
        boxes.UInt64((ulong)(dataSize + DataHeaderSize));
        _dataAt = boxes.Length;
        return boxes.Written.ToArray();
    }

    private byte[] DataSize()
    {
        var size = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(size, _list.Size + DataHeaderSize);
        return size;
    }

    private byte[] MakeMovie(Mp4Times times, long dataAt)
    {
        var boxes = new Mp4BoxBuilder();
        Mp4MovieBoxes.WriteMovie(boxes, head, tags, times, isFragmented: false, tables => WriteTables(tables, dataAt));
        return boxes.Written.ToArray();
    }

    private void WriteTables(Mp4BoxBuilder boxes, long dataAt)
    {
        WriteTimes(boxes);
        WriteChunks(boxes);
        var stsz = boxes.Begin("stsz"u8, 0);
        boxes.UInt32(0);
        boxes.UInt32((uint)_list.Count);
        foreach (var size in _list.Sizes)
            boxes.UInt32((uint)size);
        boxes.End(stsz);
        WriteOffsets(boxes, dataAt);
        var shortest = int.MaxValue;
        foreach (var duration in _list.Durations)
            shortest = Math.Min(shortest, duration);
        Mp4MovieBoxes.WriteRoll(boxes, (uint)_list.Count, shortest);
    }

    // §8.6.1.2: runs of samples of one duration.
    private void WriteTimes(Mp4BoxBuilder boxes)
    {
        var stts = boxes.Begin("stts"u8, 0);
        var countAt = boxes.Length;
        boxes.UInt32(0);
        var runs = 0u;
        var durations = _list.Durations;
        for (var at = 0; at < durations.Length; runs++)
        {
            var start = at;
            while (at < durations.Length && durations[at] == durations[start])
                at++;
            boxes.UInt32((uint)(at - start));
            boxes.UInt32((uint)durations[start]);
        }

        boxes.SetUInt32(countAt, runs);
        boxes.End(stts);
    }

    private void WriteChunks(Mp4BoxBuilder boxes)
    {
        var (whole, rest) = Math.DivRem(_list.Count, ChunkLength);
        var stsc = boxes.Begin("stsc"u8, 0);
        boxes.UInt32((uint)((whole > 0 ? 1 : 0) + (rest > 0 ? 1 : 0)));
        if (whole > 0)
            WriteRun(1, ChunkLength);
        if (rest > 0)
            WriteRun(whole + 1, rest);
        boxes.End(stsc);

        void WriteRun(int first, int samples)
        {
            boxes.UInt32((uint)first);
            boxes.UInt32((uint)samples);
            boxes.UInt32(1);
        }
    }

    private void WriteOffsets(Mp4BoxBuilder boxes, long dataAt)
    {
        // As much more than packets as any tables take.
        var isLong = _list.Size > uint.MaxValue / 2;
        var box = boxes.Begin(isLong ? "co64"u8 : "stco"u8, 0);
        boxes.UInt32((uint)((_list.Count + ChunkLength - 1) / ChunkLength));
        var sizes = _list.Sizes;
        for (var i = 0; i < sizes.Length; i++)
        {
            if (i % ChunkLength == 0 && isLong)
                boxes.UInt64((ulong)dataAt);
            else if (i % ChunkLength == 0)
                boxes.UInt32((uint)dataAt);
            dataAt += sizes[i];
        }

        boxes.End(box);
    }
}
