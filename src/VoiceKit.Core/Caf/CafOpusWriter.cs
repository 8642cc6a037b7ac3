using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.ExceptionServices;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Caf;

/// <summary>
/// Writes Opus in CAF (Apple Core Audio Format Specification 1.0): mono or stereo, at 48 kHz. Allocates nothing per packet but
/// the growth of the packet table, two to four bytes a packet. Not thread-safe.
/// </summary>
/// <remarks>
/// On a stream that can seek, packets are written as they come, and the packet table at the end; a file whose
/// <see cref="Finish"/> was never called has none and cannot be read. On any other stream all packets are kept in memory until
/// then. After a failed write every call throws that failure again.
/// </remarks>
public sealed class CafOpusWriter : IOpusPacketWriter
{
    private const int WriteSize = 16 * 1024;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly OpusHead _head;
    private readonly OpusTags _tags;
    private readonly CafPacketTable _table = new();

    // Packets that are not written yet: some, or all where the stream cannot seek.
    private readonly ArrayBufferWriter<byte> _packets = new(2 * WriteSize);
    private readonly bool _canSeek;
    private readonly long _origin;
    private int _headerSize;
    private long _packetsSize;
    private int _lastDuration;
    private ExceptionDispatchInfo? _fault;
    private bool _isFinished;
    private bool _isDisposed;

    /// <summary>Creates a writer. Nothing is written before the first packet.</summary>
    /// <param name="stream">Where the bytes go.</param>
    /// <param name="head">
    /// Mono or stereo in one Opus stream, without output gain; its pre-skip becomes the priming frames. The rate that it tells is
    /// not kept.
    /// </param>
    /// <param name="tags">The comments, for the information chunk.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is disposed.</param>
    /// <exception cref="ArgumentException">
    /// The stream cannot be written; or the head has an output gain, more than two channels or more than one stream: CAF has no
    /// place for these.
    /// </exception>
    public CafOpusWriter(Stream stream, OpusHead head, OpusTags tags, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(tags);
        if (!stream.CanWrite)
            throw new ArgumentException("The stream cannot be written.", nameof(stream));
        if (head.OutputGain != 0)
            throw new ArgumentException("CAF has no output gain: it must be 0, or be applied to the audio.", nameof(head));
        if (head.Channels > 2 || head.StreamCount > 1)
            throw new ArgumentException("CAF holds Opus of one or two channels in one stream.", nameof(head));
        _stream = stream;
        _leaveOpen = leaveOpen;
        _head = head;
        _tags = tags;
        _canSeek = stream.CanSeek;
        if (_canSeek)
            _origin = stream.Position;
    }

    /// <inheritdoc/>
    public long Duration { get; private set; }

    /// <inheritdoc/>
    public void WritePacket(ReadOnlySpan<byte> packet)
    {
        Check();
        var duration = DurationOf(packet);
        try
        {
            Write(packet, duration);
        }
        catch (Exception exception)
        {
            _fault = ExceptionDispatchInfo.Capture(exception);
            throw;
        }

        _table.Add(packet.Length, duration);
        _packetsSize += packet.Length;
        _lastDuration = duration;
        Duration += duration;
    }

    /// <inheritdoc/>
    public void Finish(int trimEnd = 0)
    {
        Check();
        if (_table.Count == 0)
            throw new InvalidOperationException("A stream has at least one packet.");
        ArgumentOutOfRangeException.ThrowIfNegative(trimEnd);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(trimEnd, _lastDuration);
        if (Duration - trimEnd < _head.PreSkip)
            throw new InvalidOperationException("The stream would end within its pre-skip.");
        _isFinished = true;
        try
        {
            if (_canSeek)
                Complete(trimEnd);
            else
                WriteAll(trimEnd);
            _stream.Flush();
        }
        catch (Exception exception)
        {
            _fault = ExceptionDispatchInfo.Capture(exception);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (!_leaveOpen)
            _stream.Dispose();
    }

    private void Check()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _fault?.Throw();
        if (_isFinished)
            throw new InvalidOperationException("The stream is finished.");
    }

    private static int DurationOf(ReadOnlySpan<byte> packet)
    {
        if (packet.Length > OggOpusDemuxer.MaxPacketSizePerStream)
            throw new VoiceFormatException($"A packet of {packet.Length} bytes is larger than RFC 7845 §6 allows.");
        var fault = OpusPacketLayout.ReadDuration(packet, 1, out var duration);
        return fault == OpusPacketFault.None
            ? duration
            : throw new VoiceFormatException($"Malformed Opus packet: {OpusPacketLayout.Describe(fault)}", 0);
    }

    private void Write(ReadOnlySpan<byte> packet, int duration)
    {
        if (_canSeek && _table.Count == 0)
            WriteHeader((uint)duration);
        _packets.Write(packet);
        if (_canSeek && _packets.WrittenCount >= WriteSize)
            DrainPackets();
    }

    private void DrainPackets()
    {
        _stream.Write(_packets.WrittenSpan);
        _packets.ResetWrittenCount();
    }

    // A data chunk may be of unknown size where it is the last one, as it is up to the end.
    private void WriteHeader(uint framesPerPacket)
    {
        var header = CafHeader.Make(_head, _tags, framesPerPacket);
        _headerSize = header.Length;
        _stream.Write(header);
        WriteDataHeader(-1);
    }

    private void Complete(int trimEnd)
    {
        DrainPackets();
        WriteTable(trimEnd);
        var end = _stream.Position;
        _stream.Position = _origin + _headerSize;
        WriteDataHeader(_packetsSize);
        if (_table.CommonDuration == 0)
        {
            Span<byte> none = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(none, 0);
            _stream.Position = _origin + CafHeader.FramesPerPacketAt;
            _stream.Write(none);
        }

        _stream.Position = end;
    }

    private void WriteAll(int trimEnd)
    {
        _stream.Write(CafHeader.Make(_head, _tags, _table.CommonDuration));
        WriteTable(trimEnd);
        WriteDataHeader(_packetsSize);
        DrainPackets();
    }

    private void WriteTable(int trimEnd)
    {
        Span<byte> header = stackalloc byte[CafHeader.TableHeaderSize];
        CafHeader.WriteTableHeader(header, _table, Duration - _head.PreSkip - trimEnd, _head.PreSkip, trimEnd);
        _stream.Write(header);
        _stream.Write(_table.Entries);
    }

    private void WriteDataHeader(long packetsSize)
    {
        Span<byte> header = stackalloc byte[CafHeader.DataHeaderSize];
        CafHeader.WriteDataHeader(header, packetsSize);
        _stream.Write(header);
    }
}
