using System.Buffers;
using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>
/// Makes Ogg Opus (RFC 7845) of packets, without I/O: finished pages gather in <see cref="Output"/>. One packet at least is always
/// held back, since the page that ends the stream must be marked as such and must not be empty.
/// </summary>
internal sealed class OggOpusMuxer
{
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly OggPageBuilder _builder;
    private readonly int _streamCount;
    private readonly int _preSkip;
    private readonly long _maxPageDuration;

    // The last packet, which is held back.
    private byte[] _held = new byte[OpusPacket.MaxEncodedSize];
    private int _heldSize;
    private int _heldDuration;
    private bool _isHolding;
    private long _granule;
    private int _pageDuration;

    public OggOpusMuxer(OpusHead head, OpusTags tags, OggOpusWriterOptions options)
    {
        _streamCount = head.StreamCount;
        _preSkip = head.PreSkip;
        _maxPageDuration = options.MaxPageDuration.Ticks * OpusRates.Full / TimeSpan.TicksPerSecond;
        _builder = new OggPageBuilder((uint)(options.Serial ?? Random.Shared.Next(int.MinValue, int.MaxValue)));
        WriteHeaders(head, tags);
    }

    /// <summary>Pages that are finished and were not yet taken with <see cref="ClearOutput"/>.</summary>
    public ReadOnlyMemory<byte> Output => _output.WrittenMemory;

    /// <summary>The duration of all packets so far, in samples at 48 kHz.</summary>
    public long Duration { get; private set; }

    public void ClearOutput() => _output.ResetWrittenCount();

    public void WritePacket(ReadOnlySpan<byte> packet)
    {
        var duration = Check(packet);
        AddHeld();
        Hold(packet, duration);
    }

    /// <summary>Ends the current page: all but the last packet can be taken.</summary>
    public void Flush()
    {
        if (!_builder.IsEmpty)
            EndPage(OggPageFlags.None);
    }

    public void Finish(int trimEnd)
    {
        if (!_isHolding)
            throw new InvalidOperationException("A stream has at least one packet (RFC 7845 §3).");
        ArgumentOutOfRangeException.ThrowIfNegative(trimEnd);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(trimEnd, _heldDuration);
        if (Duration - trimEnd < _preSkip)
            throw new InvalidOperationException("The stream would end within its pre-skip, which RFC 7845 §4.5 forbids.");
        AddHeld();
        _granule -= trimEnd;
        EndPage(OggPageFlags.EndOfStream);
    }

    private void WriteHeaders(OpusHead head, OpusTags tags)
    {
        Span<byte> packet = stackalloc byte[head.Size];
        head.Write(packet);
        _builder.Add(packet);
        EndPage(OggPageFlags.BeginOfStream);
        AddToPages(tags.ToPacket());
        EndPage(OggPageFlags.None); // §3: audio begins on a page of its own.
    }

    private int Check(ReadOnlySpan<byte> packet)
    {
        if (packet.Length > OggOpusDemuxer.MaxPacketSizePerStream * _streamCount)
            throw new VoiceFormatException($"A packet of {packet.Length} bytes is larger than RFC 7845 §6 allows.");
        var fault = OpusPacketLayout.ReadDuration(packet, _streamCount, out var duration);
        return fault == OpusPacketFault.None
            ? duration
            : throw new VoiceFormatException($"Malformed Opus packet: {OpusPacketLayout.Describe(fault)}", 0);
    }

    private void Hold(ReadOnlySpan<byte> packet, int duration)
    {
        if (packet.Length > _held.Length)
            _held = new byte[Math.Max(packet.Length, 2 * _held.Length)];
        packet.CopyTo(_held);
        _heldSize = packet.Length;
        _heldDuration = duration;
        _isHolding = true;
        Duration += duration;
    }

    private void AddHeld()
    {
        if (!_isHolding)
            return;
        var isFull = _pageDuration + _heldDuration > _maxPageDuration || !_builder.Fits(_heldSize);
        if (isFull && !_builder.IsEmpty)
            EndPage(OggPageFlags.None);
        AddToPages(_held.AsSpan(0, _heldSize));
        _granule += _heldDuration;
        _pageDuration += _heldDuration;
        _isHolding = false;
    }

    // Pages on which the packet goes on end here; the one on which it ends stays open.
    private void AddToPages(ReadOnlySpan<byte> packet)
    {
        while (true)
        {
            var (taken, isWhole) = _builder.Add(packet);
            if (isWhole)
                return;
            packet = packet[taken..];
            _output.Write(_builder.End(OggPage.NoGranule, OggPageFlags.None, nextIsContinued: true));
        }
    }

    private void EndPage(OggPageFlags flags)
    {
        _output.Write(_builder.End(_granule, flags));
        _pageDuration = 0;
    }
}
