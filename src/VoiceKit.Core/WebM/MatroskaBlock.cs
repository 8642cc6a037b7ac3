using System.Buffers.Binary;

namespace VoiceKit.WebM;

/// <summary>The frames of one block (RFC 9559 §10): where each of them is in the block's bytes.</summary>
internal sealed class MatroskaBlock
{
    /// <summary>The longest beginning of a block that is needed to read its header.</summary>
    public const int MaxHeaderLength = 8 + sizeof(short) + 1;

    /// <summary>A lace counts its frames, less one, in a byte (§10.3).</summary>
    public const int MaxFrames = 256;

    private readonly (int Start, int Length)[] _frames = new (int, int)[MaxFrames];

    public int Count { get; private set; }

    public (int Start, int Length) this[int index] => _frames[index];

    /// <summary>Reads the track number, the timestamp relative to the cluster, and the header's size.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> block, out long track, out short timestamp, out int length)
    {
        timestamp = 0;
        var isValid = EbmlHeader.ReadSize(block, out track, out length) == EbmlStatus.Valid && block.Length - length >= 3;
        if (!isValid)
            return false;
        timestamp = BinaryPrimitives.ReadInt16BigEndian(block[length..]);
        length += sizeof(short) + 1;
        return true;
    }

    /// <summary>Finds the frames.</summary>
    /// <param name="block">The whole block.</param>
    /// <param name="headerLength">The size of its header.</param>
    /// <returns>Whether the lacing holds together; if not, there are no frames.</returns>
    public bool TryReadFrames(ReadOnlySpan<byte> block, int headerLength)
    {
        var lacing = block[headerLength - 1] >> 1 & 3;
        if (lacing == 0)
        {
            _frames[0] = (headerLength, block.Length - headerLength);
            Count = 1;
            return true;
        }

        Count = 0;
        if (headerLength == block.Length)
            return false;
        var count = block[headerLength] + 1;
        var position = headerLength + 1;
        var isValid = lacing switch
        {
            1 => TryReadXiphSizes(block, count, ref position),
            2 => TryDivide(block.Length - position, count),
            _ => TryReadEbmlSizes(block, count, ref position),
        };
        return isValid && TryPlace(count, position, block.Length);
    }

    // §10.3.2: each size but the last is a sum of bytes, of which all but the last are 255.
    private bool TryReadXiphSizes(ReadOnlySpan<byte> block, int count, ref int position)
    {
        for (var i = 0; i < count - 1; i++)
        {
            var size = 0;
            byte part;
            do
            {
                if (position == block.Length)
                    return false;
                part = block[position++];
                size += part;
            }
            while (part == 255);
            _frames[i].Length = size;
        }

        return true;
    }

    // §10.3.3: the first size is a number, each one but the last a difference from the one before.
    private bool TryReadEbmlSizes(ReadOnlySpan<byte> block, int count, ref int position)
    {
        long size = 0;
        for (var i = 0; i < count - 1; i++)
        {
            if (EbmlHeader.ReadSize(block[position..], out var value, out var length) != EbmlStatus.Valid)
                return false;
            if (value == EbmlHeader.UnknownSize)
                value = (1L << 7 * length) - 1; // All ones are nothing special in a lace.
            size = i == 0 ? value : size + value - ((1L << 7 * length - 1) - 1);
            if (size < 0 || size > block.Length)
                return false;
            _frames[i].Length = (int)size;
            position += length;
        }

        return true;
    }

    // §10.3.4.
    private bool TryDivide(int size, int count)
    {
        for (var i = 0; i < count - 1; i++)
            _frames[i].Length = size / count;
        return size % count == 0;
    }

    private bool TryPlace(int count, int position, int end)
    {
        for (var i = 0; i < count - 1; i++)
        {
            if (_frames[i].Length > end - position)
                return false;
            _frames[i].Start = position;
            position += _frames[i].Length;
        }

        _frames[count - 1] = (position, end - position);
        Count = count;
        return true;
    }
}
