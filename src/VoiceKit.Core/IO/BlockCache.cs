namespace VoiceKit.IO;

/// <summary>
/// Blocks of a stream in memory, for who may not wait for the stream: a few of those that were used last, and all that one piece
/// of work needs at once.
/// </summary>
internal sealed class BlockCache
{
    public const int BlockSize = 1 << 16;

    private const int MaxIdle = 16;
    private const int MaxInUse = 1024;

    private readonly Dictionary<long, Block> _blocks = [];
    private long _now;
    private long _workBegan;
    private long _missing = -1;
    private int _misses;

    /// <summary>Reads from the blocks.</summary>
    /// <param name="offset">An offset within the input.</param>
    /// <param name="buffer">What to fill: no further than the end of the input.</param>
    /// <exception cref="BytesMissingException">A block is not there.</exception>
    public void Read(long offset, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var block = Find(offset / BlockSize);
            var from = block.Bytes.AsSpan((int)(offset % BlockSize));
            var count = Math.Min(from.Length, buffer.Length);
            from[..count].CopyTo(buffer);
            buffer = buffer[count..];
            offset += count;
        }
    }

    /// <summary>Tells that a piece of work is done: what it used may go.</summary>
    public void EndWork()
    {
        _workBegan = _now;
        _misses = 0;
    }

    /// <summary>Reads the block that was missing, and more behind it when one is missing again and again.</summary>
    /// <exception cref="VoiceFormatException">One piece of work needs more than 64 MiB.</exception>
    public async ValueTask LoadAsync(Stream stream, long origin, long length, CancellationToken cancellationToken)
    {
        var ahead = 1 << Math.Min(_misses++, 6);
        for (var i = 0; i < ahead && (_missing + i) * BlockSize < length; i++)
        {
            if (!_blocks.ContainsKey(_missing + i))
                await LoadAsync(_missing + i, stream, origin, length, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask LoadAsync(long index, Stream stream, long origin, long length, CancellationToken cancellationToken)
    {
        var block = MakeRoom();
        stream.Position = origin + index * BlockSize;
        var wanted = (int)Math.Min(BlockSize, length - index * BlockSize);
        var count = await stream.ReadAtLeastAsync(
            block.Bytes.AsMemory(0, wanted), wanted, false, cancellationToken).ConfigureAwait(false);
        block.Bytes.AsSpan(count).Clear();
        block.LastUse = ++_now;
        _blocks[index] = block;
    }

    private Block Find(long index)
    {
        if (!_blocks.TryGetValue(index, out var block))
        {
            _missing = index;
            throw new BytesMissingException();
        }

        block.LastUse = ++_now;
        return block;
    }

    private Block MakeRoom()
    {
        if (_blocks.Count < MaxIdle)
            return new Block();
        var (index, oldest) = _blocks.MinBy(entry => entry.Value.LastUse);
        if (oldest.LastUse > _workBegan)
        {
            return _blocks.Count < MaxInUse
                ? new Block()
                : throw new VoiceFormatException("The tables of this file are larger than 64 MiB.");
        }

        _blocks.Remove(index);
        return oldest;
    }

    private sealed class Block
    {
        public byte[] Bytes { get; } = new byte[BlockSize];

        public long LastUse { get; set; }
    }
}
