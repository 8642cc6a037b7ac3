using VoiceKit.Opus;

namespace VoiceKit.WebM;

/// <summary>
/// Makes WebM (RFC 9559) of Opus packets, without I/O: whole clusters gather in <see cref="Output"/>. One packet at least is
/// always held back, since the last one may be trimmed.
/// </summary>
internal sealed class MatroskaMuxer : IOpusMuxer
{
    /// <summary>A cluster ends when it is as large as this, however short it is.</summary>
    private const int MaxClusterSize = 512 * 1024;

    private const byte Track = 1;
    private const byte Keyframe = 0x80;
    private const double SamplesPerMillisecond = OpusRates.Full / 1000.0;
    private const double NanosecondsPerSample = 1e9 / OpusRates.Full;

    private readonly EbmlBuilder _output = new();
    private readonly MatroskaHeader _header;
    private readonly MatroskaCues? _cues;
    private readonly int _streamCount;
    private readonly int _preSkip;
    private readonly long _maxClusterDuration;

    // The last packet, which is held back.
    private byte[] _held = new byte[OpusPacket.MaxEncodedSize];
    private int _heldSize;
    private int _heldDuration;
    private bool _isHolding;

    // The open cluster, at the end of the output.
    private int _clusterBegin;
    private bool _isClusterOpen;
    private long _clusterStart;
    private long _clusterDuration;
    private long _written;
    private long _taken;

    /// <param name="head">The head.</param>
    /// <param name="tags">The tags.</param>
    /// <param name="options">How to write.</param>
    /// <param name="isPatched">Whether the start of the output is replaced in the end.</param>
    public MatroskaMuxer(OpusHead head, OpusTags tags, OpusWriterOptions options, bool isPatched)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(tags);
        _streamCount = head.StreamCount;
        _preSkip = head.PreSkip;
        _maxClusterDuration = options.MaxClusterDuration.Ticks * OpusRates.Full / TimeSpan.TicksPerSecond;
        _header = new MatroskaHeader(head, tags, Track, isPatched);
        _cues = isPatched ? new MatroskaCues(Track) : null;
        _header.WriteTo(_output);
    }

    /// <summary>What is whole and was not yet taken with <see cref="ClearOutput"/>; empty while a cluster is open.</summary>
    public ReadOnlyMemory<byte> Output => _isClusterOpen ? default : _output.Written;

    public bool HasOutput => !Output.IsEmpty;

    public long PendingSize => _output.Length + _heldSize;

    public IReadOnlyList<OpusMuxerPatch> Patches => _cues is null ? [] : [new OpusMuxerPatch(0, GetFinalStart())];

    /// <summary>The duration of all packets so far, in samples at 48 kHz.</summary>
    public long Duration { get; private set; }

    public void ClearOutput()
    {
        _taken += _output.Length;
        _output.Clear();
    }

    public void WritePacket(ReadOnlySpan<byte> packet)
    {
        var duration = Check(packet);
        if (_isHolding)
            AddHeld();
        Hold(packet, duration);

        // The packet that is held back begins the next cluster.
        if (_isClusterOpen && (_clusterDuration + duration > _maxClusterDuration || _output.Length > MaxClusterSize))
            EndCluster();
    }

    /// <summary>Ends the current cluster: all but the last packet can be taken.</summary>
    public void Flush()
    {
        if (_isClusterOpen)
            EndCluster();
    }

    public void Finish(int trimEnd)
    {
        if (!_isHolding)
            throw new InvalidOperationException("A stream has at least one packet.");
        ArgumentOutOfRangeException.ThrowIfNegative(trimEnd);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(trimEnd, _heldDuration);
        if (Duration - trimEnd < _preSkip)
            throw new InvalidOperationException("The stream would end within its pre-skip.");
        if (trimEnd == 0)
            AddHeld();
        else
            AddTrimmed(trimEnd);
        EndCluster();
        FinishHeader(trimEnd);
    }

    // As long as what was there before.
    private ReadOnlyMemory<byte> GetFinalStart()
    {
        var builder = new EbmlBuilder();
        _header.WriteStartTo(builder);
        return builder.Written;
    }

    private void FinishHeader(int trimEnd)
    {
        if (_cues is null)
            return;
        _header.CuesPosition = _taken + _output.Length - _header.SegmentStart;
        _cues.WriteTo(_output);
        _header.SegmentSize = _taken + _output.Length - _header.SegmentStart;

        // What is heard: players show it.
        _header.Duration = (Duration - trimEnd - _preSkip) / SamplesPerMillisecond;
    }

    private int Check(ReadOnlySpan<byte> packet)
    {
        if (packet.Length > OpusPacket.MaxSizePerStream * _streamCount)
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
        var timestamp = BeginBlock();
        _output.WriteBlock(EbmlId.SimpleBlock, Track, timestamp, Keyframe, _held.AsSpan(0, _heldSize));
        EndBlock();
    }

    // Only a block group has a DiscardPadding (RFC 9559 §5.1.3.5.7). The duration is that of the block before it is trimmed.
    private void AddTrimmed(int trimEnd)
    {
        var timestamp = BeginBlock();
        var group = _output.Begin(EbmlId.BlockGroup);
        _output.WriteBlock(EbmlId.Block, Track, timestamp, 0, _held.AsSpan(0, _heldSize));
        _output.WriteNumber(EbmlId.BlockDuration, (ulong)ToMilliseconds(_heldDuration));
        _output.WriteSignedNumber(EbmlId.DiscardPadding, (ulong)Math.Round(trimEnd * NanosecondsPerSample));
        _output.End(group);
        EndBlock();
    }

    private short BeginBlock()
    {
        if (!_isClusterOpen)
            BeginCluster();
        return (short)(ToMilliseconds(_written) - _clusterStart);
    }

    private void EndBlock()
    {
        _written += _heldDuration;
        _clusterDuration += _heldDuration;
        _isHolding = false;
    }

    private void BeginCluster()
    {
        _clusterStart = ToMilliseconds(_written);
        _clusterDuration = 0;
        _cues?.Add(_clusterStart, _taken + _output.Length - _header.SegmentStart);
        _clusterBegin = _output.Begin(EbmlId.Cluster);
        _output.WriteNumber(EbmlId.Timestamp, (ulong)_clusterStart);
        _isClusterOpen = true;
    }

    private void EndCluster()
    {
        _output.End(_clusterBegin);
        _isClusterOpen = false;
    }

    private static long ToMilliseconds(long samples) =>
        (long)Math.Round(samples / SamplesPerMillisecond, MidpointRounding.AwayFromZero);
}
