using System.Buffers;
using VoiceKit.Opus;

namespace VoiceKit.WebM;

/// <summary>
/// The packets of the current block, one after the other: unlaced, checked, and with the bytes that header stripping took.
/// </summary>
internal sealed class MatroskaPackets(OpusDefectLog defects) : IDisposable
{
    private readonly MatroskaBlock _block = new();

    // The frames that are valid packets, and the bytes that they are in.
    private readonly (int Start, int Length, int Duration)[] _packets = new (int, int, int)[MatroskaBlock.MaxFrames];
    private byte[] _bytes = [];
    private int _count;
    private int _next;

    // The block of a block group, which is read when the group ends: its padding stands behind it.
    private byte[] _held = [];
    private int _heldSize;

    // The packets of a block with the bytes put back that header stripping took.
    private byte[] _unstripped = [];

    /// <summary>Whether there is a packet that was not taken.</summary>
    public bool HasNext => _next < _count;

    /// <summary>How long all packets of the block are, in samples at 48 kHz.</summary>
    public int Duration { get; private set; }

    /// <summary>Whether a block is held.</summary>
    public bool HasHeld => _heldSize > 0;

    /// <summary>The offset of the block that is held.</summary>
    public long HeldOffset { get; private set; }

    /// <summary>The packet that was taken last; empty before the first.</summary>
    public ReadOnlySpan<byte> Current
    {
        get
        {
            if (_next == 0)
                return default;
            var (start, length, _) = _packets[_next - 1];
            return _bytes.AsSpan(start, length);
        }
    }

    /// <summary>Takes the next packet.</summary>
    /// <returns>Its duration, in samples at 48 kHz.</returns>
    public int Take() => _packets[_next++].Duration;

    /// <summary>Keeps a copy of a block until its group ends.</summary>
    public void Hold(ReadOnlySpan<byte> block, long offset)
    {
        EnsureCapacity(ref _held, block.Length);
        block.CopyTo(_held);
        _heldSize = block.Length;
        HeldOffset = offset;
    }

    /// <summary>Forgets the block that is held.</summary>
    public void DropHeld() => _heldSize = 0;

    /// <summary>Reads the block that is held, as <see cref="TryLoad"/> does.</summary>
    public bool TryLoadHeld(MatroskaTrack track, int streamCount, out short timestamp)
    {
        var hasPackets = TryLoad(_held, 0, _heldSize, HeldOffset, track, streamCount, out timestamp);
        _heldSize = 0;
        return hasPackets;
    }

    /// <summary>Reads a block, which stays where it is until its packets are taken.</summary>
    /// <param name="buffer">What the block is in.</param>
    /// <param name="start">Where the block begins.</param>
    /// <param name="length">How many bytes it has.</param>
    /// <param name="offset">Its offset in the file.</param>
    /// <param name="track">The track that it belongs to.</param>
    /// <param name="streamCount">How many Opus streams each packet has.</param>
    /// <param name="timestamp">Its time, relative to its cluster.</param>
    /// <returns>Whether there is a packet in it.</returns>
    public bool TryLoad(
        byte[] buffer, int start, int length, long offset, MatroskaTrack track, int streamCount, out short timestamp)
    {
        var data = buffer.AsSpan(start, length);
        if (!MatroskaBlock.TryReadHeader(data, out _, out timestamp, out var headerLength)
            || !_block.TryReadFrames(data, headerLength))
        {
            defects.Add(offset, OpusDefectKind.BadStructure, "The frames of a block do not fit into it.");
            return false;
        }

        _bytes = buffer;
        if (track.FramePrefix.Length > 0)
            LoadUnstripped(data, track.FramePrefix, streamCount, offset);
        else
            LoadFrames(start, streamCount, offset);
        return _count > 0;
    }

    /// <summary>Forgets the packets of the block.</summary>
    public void Drop()
    {
        _next = _count = 0;
        Duration = 0;
        _bytes = [];
    }

    public void Dispose()
    {
        Drop();
        _heldSize = 0;
        Return(ref _held);
        Return(ref _unstripped);
    }

    private void LoadFrames(int start, int streamCount, long offset)
    {
        for (var i = 0; i < _block.Count; i++)
            Add(start + _block[i].Start, _block[i].Length, streamCount, offset);
    }

    private void LoadUnstripped(ReadOnlySpan<byte> block, ReadOnlySpan<byte> prefix, int streamCount, long offset)
    {
        EnsureCapacity(ref _unstripped, block.Length + _block.Count * prefix.Length);
        _bytes = _unstripped;
        var at = 0;
        for (var i = 0; i < _block.Count; i++)
        {
            var frame = block.Slice(_block[i].Start, _block[i].Length);
            prefix.CopyTo(_unstripped.AsSpan(at));
            frame.CopyTo(_unstripped.AsSpan(at + prefix.Length));
            Add(at, prefix.Length + frame.Length, streamCount, offset);
            at += prefix.Length + frame.Length;
        }
    }

    private void Add(int start, int length, int streamCount, long offset)
    {
        if (length > OpusPacket.MaxSizePerStream * streamCount)
        {
            defects.Add(offset, OpusDefectKind.OversizedPacket, $"A packet of {length} bytes (RFC 7845 §6).");
            return;
        }

        var fault = OpusPacketLayout.ReadDuration(_bytes.AsSpan(start, length), streamCount, out var duration);
        if (fault != OpusPacketFault.None)
        {
            defects.Add(offset, OpusDefectKind.MalformedPacket, $"Malformed Opus packet: {OpusPacketLayout.Describe(fault)}");
            return;
        }

        _packets[_count++] = (start, length, duration);
        Duration += duration;
    }

    private static void EnsureCapacity(ref byte[] buffer, int size)
    {
        if (size <= buffer.Length)
            return;
        Return(ref buffer);
        buffer = ArrayPool<byte>.Shared.Rent(size);
    }

    private static void Return(ref byte[] buffer)
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }
}
