using System.Buffers;
using VoiceKit.Opus;

namespace VoiceKit.Caf;

/// <summary>
/// Makes CAF of Opus packets, without I/O. Where the output can seek, packets can be taken as they come, with the table behind
/// them; where not, all is given at the end, with the table before them.
/// </summary>
internal sealed class CafMuxer(OpusHead head, OpusTags tags, bool canSeek, int sampleRate) : IOpusMuxer
{
    private const int WriteSize = 16 * 1024;

    // How many samples at 48 kHz a frame of the file is.
    private readonly int _step = OpusRates.Full / sampleRate;

    private readonly CafPacketTable _table = new();
    private readonly ArrayBufferWriter<byte> _packets = new(2 * WriteSize);

    // What goes before and behind the packets that are gathered.
    private byte[] _before = [];
    private byte[] _after = [];
    private bool _canTakePackets;
    private int _headerSize;
    private long _packetsSize;
    private int _lastDuration;

    public long Duration { get; private set; }

    public long PendingSize => _before.Length + _packets.WrittenCount + CafHeader.TableHeaderSize + _table.Entries.Length;

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
        var duration = DurationOf(packet);
        if (canSeek && _table.Count == 0)
            Begin((uint)(duration / _step));
        _packets.Write(packet);
        _canTakePackets = canSeek && _packets.WrittenCount >= WriteSize;
        _table.Add(packet.Length, duration / _step);
        _packetsSize += packet.Length;
        _lastDuration = duration;
        Duration += duration;
    }

    public void Flush() => _canTakePackets = canSeek && _packets.WrittenCount > 0;

    public void Finish(int trimEnd)
    {
        if (_table.Count == 0)
            throw new InvalidOperationException("A stream has at least one packet.");
        ArgumentOutOfRangeException.ThrowIfNegative(trimEnd);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(trimEnd, _lastDuration);
        if (Duration - trimEnd < head.PreSkip)
            throw new InvalidOperationException("The stream would end within its pre-skip.");
        _canTakePackets = _packets.WrittenCount > 0;
        if (!canSeek)
        {
            _before =
            [
                .. CafHeader.Make(head, tags, _table.CommonDuration, sampleRate),
                .. MakeTable(trimEnd),
                .. MakeDataHeader(_packetsSize),
            ];
            return;
        }

        _after = MakeTable(trimEnd);
        Patches = _table.CommonDuration != 0
            ? [new OpusMuxerPatch(_headerSize, MakeDataHeader(_packetsSize))]
            : [new OpusMuxerPatch(_headerSize, MakeDataHeader(_packetsSize)), new OpusMuxerPatch(
                CafHeader.FramesPerPacketAt, new byte[sizeof(uint)])];
    }

    private static int DurationOf(ReadOnlySpan<byte> packet)
    {
        if (packet.Length > OpusPacket.MaxSizePerStream)
            throw new VoiceFormatException($"A packet of {packet.Length} bytes is larger than RFC 7845 §6 allows.");
        var fault = OpusPacketLayout.ReadDuration(packet, 1, out var duration);
        return fault == OpusPacketFault.None
            ? duration
            : throw new VoiceFormatException($"Malformed Opus packet: {OpusPacketLayout.Describe(fault)}", 0);
    }

    // A data chunk may be of unknown size where it is the last one, as it is up to the end.
    private void Begin(uint framesPerPacket)
    {
        var header = CafHeader.Make(head, tags, framesPerPacket, sampleRate);
        _headerSize = header.Length;
        _before = [.. header, .. MakeDataHeader(-1)];
    }

    private byte[] MakeTable(int trimEnd)
    {
        Span<byte> header = stackalloc byte[CafHeader.TableHeaderSize];
        var (priming, remainder) = (head.PreSkip / _step, trimEnd / _step);
        CafHeader.WriteTableHeader(header, _table, Duration / _step - priming - remainder, priming, remainder);
        return [.. header, .. _table.Entries];
    }

    private static byte[] MakeDataHeader(long packetsSize)
    {
        var header = new byte[CafHeader.DataHeaderSize];
        CafHeader.WriteDataHeader(header, packetsSize);
        return header;
    }
}
