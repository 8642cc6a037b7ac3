using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>
/// Makes Ogg Opus (RFC 7845) of packets, without I/O: finished pages gather in <see cref="Output"/>. The last packet is never on
/// one of them before the stream is finished, since the page that ends the stream must be marked as such and must not be empty.
/// </summary>
internal sealed class OggOpusMuxer : IOpusMuxer
{
    private readonly OggPageBuilder _builder;
    private readonly int _streamCount;
    private readonly int _maxPacketSize;
    private readonly int _preSkip;
    private readonly long _maxPageDuration;

    // The last packet, when it is larger than a page. Any other is on the page and can be taken back from there.
    private byte[] _large = [];
    private bool _isHoldingLarge;

    private int _lastSize;
    private int _lastDuration;
    private long _pageDuration;

    public OggOpusMuxer(OpusHead head, OpusTags tags, OpusWriterOptions options)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(tags);
        _streamCount = head.StreamCount;
        _maxPacketSize = OpusPacket.MaxSizePerStream * _streamCount;
        _preSkip = head.PreSkip;
        _maxPageDuration = options.MaxPageDuration.Ticks * OpusRates.Full / TimeSpan.TicksPerSecond;
        _builder = new OggPageBuilder((uint)(options.Serial ?? Random.Shared.Next(int.MinValue, int.MaxValue)));
        WriteHeaders(head, tags);
    }

    /// <summary>Whether there are pages that are finished and were not yet taken with <see cref="ClearOutput"/>.</summary>
    public bool HasOutput => _builder.HasOutput;

    /// <summary>Finished pages that were not yet taken with <see cref="ClearOutput"/>. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Output => _builder.Output;

    /// <summary>The duration of all packets so far, in samples at 48 kHz.</summary>
    public long Duration { get; private set; }

    /// <summary>How many pages were finished, those of the headers included.</summary>
    public long PageCount => _builder.PageCount;

    /// <summary>None: what a page says is known when it ends.</summary>
    public IReadOnlyList<OpusMuxerPatch> Patches => [];

    public void ClearOutput() => _builder.ClearOutput();

    public void WritePacket(ReadOnlySpan<byte> packet)
    {
        var duration = Check(packet);
        if (_isHoldingLarge)
            AddLarge();
        if (_pageDuration + duration > _maxPageDuration && !_builder.IsEmpty)
            EndPage(OggPageFlags.None);
        if (!_builder.TryAddSegment(packet))
            AddSegments(packet);
        _lastSize = packet.Length;
        _lastDuration = duration;
        _pageDuration += duration;
        Duration += duration;
    }

    /// <summary>Ends the current page: all but the last packet can be taken.</summary>
    public void Flush()
    {
        if (!_isHoldingLarge && _builder.EndBeforeLast(_lastSize, Duration - _lastDuration))
            _pageDuration = _lastDuration;
    }

    /// <summary>How much more than <see cref="Output"/> there would be if the stream were finished now, in bytes.</summary>
    public long PendingSize => _builder.PageSize + (_isHoldingLarge ? _lastSize : 0);

    /// <summary>
    /// Gives the page that would end the stream now, to go behind all output so far; empty when no packet waits, or when one is
    /// too large for a page. Nothing changes.
    /// </summary>
    public byte[] PreviewEnd() =>
        _builder.IsEmpty || _isHoldingLarge ? [] : _builder.Preview(Duration, OggPageFlags.EndOfStream);

    public void Finish(int trimEnd)
    {
        if (Duration == 0)
            throw new InvalidOperationException("A stream has at least one packet (RFC 7845 §3).");
        ArgumentOutOfRangeException.ThrowIfNegative(trimEnd);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(trimEnd, _lastDuration);
        if (Duration - trimEnd < _preSkip)
            throw new InvalidOperationException("The stream would end within its pre-skip, which RFC 7845 §4.5 forbids.");
        if (_isHoldingLarge)
            AddLarge();
        EndPage(OggPageFlags.EndOfStream, trimEnd);
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
        if (packet.Length > _maxPacketSize)
            throw Oversized(packet.Length);
        var fault = OpusPacketLayout.ReadDuration(packet, _streamCount, out var duration);
        return fault == OpusPacketFault.None ? duration : throw Malformed(fault);
    }

    private static VoiceFormatException Oversized(int size) =>
        new($"A packet of {size} bytes is larger than RFC 7845 §6 allows.");

    private static VoiceFormatException Malformed(OpusPacketFault fault) =>
        new($"Malformed Opus packet: {OpusPacketLayout.Describe(fault)}", 0);

    // A packet goes over to another page only where it would not fit on one alone.
    private void AddSegments(ReadOnlySpan<byte> packet)
    {
        if (!_builder.Fits(packet.Length) && !_builder.IsEmpty)
            EndPage(OggPageFlags.None);
        if (OggPageBuilder.FitsOnOnePage(packet.Length))
            _builder.Add(packet);
        else
            HoldLarge(packet);
    }

    private void HoldLarge(ReadOnlySpan<byte> packet)
    {
        if (packet.Length > _large.Length)
            _large = new byte[Math.Max(packet.Length, 2 * _large.Length)];
        packet.CopyTo(_large);
        _isHoldingLarge = true;
    }

    private void AddLarge()
    {
        AddToPages(_large.AsSpan(0, _lastSize));
        _isHoldingLarge = false;
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
            _builder.End(OggPage.NoGranule, OggPageFlags.None, nextIsContinued: true);
        }
    }

    private void EndPage(OggPageFlags flags, int trimEnd = 0)
    {
        _builder.End(Duration - trimEnd, flags);
        _pageDuration = 0;
    }
}
