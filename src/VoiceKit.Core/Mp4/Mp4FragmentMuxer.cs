using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using VoiceKit.Opus;

namespace VoiceKit.Mp4;

/// <summary>Makes MP4 in fragments of Opus packets, without I/O (ISO/IEC 14496-12 §8.8).</summary>
internal sealed class Mp4FragmentMuxer(OpusHead head, OpusTags tags, long fragmentDuration, bool canSeek) : IOpusMuxer
{
    // default-base-is-moof; data-offset, sample-duration and sample-size are there.
    private const uint BaseIsFragment = 0x2_0000;
    private const uint RunFields = 0x301;

    private readonly Mp4PacketList _list = new(head);
    private readonly ArrayBufferWriter<byte> _packets = new();
    private readonly Mp4BoxBuilder _boxes = new();
    private readonly ArrayBufferWriter<byte> _output = new();
    private uint _fragments;
    private long _time;
    private int _editAt;
    private bool _hasBegun;

    public long Duration => _time + _list.Duration;

    public long PendingSize => _output.WrittenCount + _packets.WrittenCount;

    public bool HasOutput => _output.WrittenCount > 0;

    public ReadOnlyMemory<byte> Output => _output.WrittenMemory;

    public IReadOnlyList<OpusMuxerPatch> Patches { get; private set; } = [];

    public void ClearOutput() => _output.ResetWrittenCount();

    public void WritePacket(ReadOnlySpan<byte> packet)
    {
        // What a fragment may still be trimmed by comes with its last packet.
        var isFull = _list.Duration >= fragmentDuration;
        _list.Add(packet);
        if (!_hasBegun)
            Begin();
        if (isFull)
            EndFragment(_list.Count - 1, trimEnd: 0);
        _packets.Write(packet);
    }

    public void Flush()
    {
        if (_list.Count > 1)
            EndFragment(_list.Count - 1, trimEnd: 0);
    }

    public void Finish(int trimEnd)
    {
        _list.CheckEnd(Duration, trimEnd);
        var heard = Duration - head.PreSkip - trimEnd;
        EndFragment(_list.Count, trimEnd);
        if (!canSeek)
            return;
        var duration = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(duration, heard);
        Patches = [new OpusMuxerPatch(_editAt, duration)];
    }

    private void Begin()
    {
        _hasBegun = true;
        _boxes.Clear();
        Mp4MovieBoxes.WriteFileType(_boxes, isFragmented: true);
        _editAt = Mp4MovieBoxes.WriteMovie(_boxes, head, tags, default, isFragmented: true, WriteEmptyTables);
        _output.Write(_boxes.Written);
    }

    private static void WriteEmptyTables(Mp4BoxBuilder boxes)
    {
        foreach (var type in (ReadOnlySpan<string>)["stts", "stsc", "stco"])
        {
            var box = boxes.Begin(Encoding.ASCII.GetBytes(type), 0);
            boxes.UInt32(0);
            boxes.End(box);
        }

        var stsz = boxes.Begin("stsz"u8, 0);
        boxes.UInt32(0);
        boxes.UInt32(0);
        boxes.End(stsz);
    }

    // The packet that is kept for the next fragment may be in the list already, but not among the bytes.
    private void EndFragment(int count, int trimEnd)
    {
        var kept = _list.Count - count;
        var duration = 0L;
        var size = 0;
        for (var i = 0; i < count; i++)
        {
            duration += _list.Durations[i];
            size += _list.Sizes[i];
        }

        _boxes.Clear();
        WriteFragment(count, size, trimEnd);
        _output.Write(_boxes.Written);
        _output.Write(_packets.WrittenSpan[..size]);
        var rest = _packets.WrittenSpan[size..].ToArray();
        _packets.ResetWrittenCount();
        _packets.Write(rest);
        _time += duration;
        _list.KeepLast(kept);
    }

    private void WriteFragment(int count, int size, int trimEnd)
    {
        var moof = _boxes.Begin("moof"u8);
        var mfhd = _boxes.Begin("mfhd"u8, 0);
        _boxes.UInt32(++_fragments);
        _boxes.End(mfhd);
        var traf = _boxes.Begin("traf"u8);
        var tfhd = _boxes.Begin("tfhd"u8, 0, BaseIsFragment);
        _boxes.UInt32(Mp4MovieBoxes.Track);
        _boxes.End(tfhd);
        var tfdt = _boxes.Begin("tfdt"u8, 1);
        _boxes.UInt64((ulong)_time);
        _boxes.End(tfdt);
        var offsetAt = WriteRun(count, trimEnd);
        _boxes.End(traf);
        _boxes.End(moof);
        _boxes.SetUInt32(offsetAt, (uint)(_boxes.Length - moof + 8));
        _boxes.UInt32((uint)(size + 8));
        _boxes.Bytes("mdat"u8);
    }

    private int WriteRun(int count, int trimEnd)
    {
        var trun = _boxes.Begin("trun"u8, 0, RunFields);
        _boxes.UInt32((uint)count);
        var offsetAt = _boxes.Length;
        _boxes.UInt32(0);
        for (var i = 0; i < count; i++)
        {
            _boxes.UInt32((uint)(_list.Durations[i] - (i == count - 1 ? trimEnd : 0)));
            _boxes.UInt32((uint)_list.Sizes[i]);
        }

        _boxes.End(trun);
        return offsetAt;
    }
}
