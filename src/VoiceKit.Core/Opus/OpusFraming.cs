namespace VoiceKit.Opus;

/// <summary>How frames are put into a packet: the smallest frame count code that holds them, or code 3 (RFC 6716 §3.2).</summary>
internal readonly struct OpusFraming
{
    private const int CodeMask = 0b11;
    private const int VariableFlag = 0b1000_0000;
    private const int PaddingFlag = 0b0100_0000;

    private readonly int _code;
    private readonly bool _isVariable;

    /// <summary>Chooses the layout.</summary>
    /// <param name="lengths">The frames' sizes: 1…48 of 0…1275 bytes.</param>
    /// <param name="forceCode3">Whether code 3 is used where another would do.</param>
    public OpusFraming(ReadOnlySpan<ushort> lengths, bool forceCode3 = false)
    {
        _isVariable = lengths.ContainsAnyExcept(lengths[0]);
        _code = forceCode3 || lengths.Length > 2 ? 3
            : lengths.Length == 1 ? 0
            : _isVariable ? 2 : 1;
        HeaderSize = _code == 3 ? 2 : 1;
        if (_isVariable)
            HeaderSize += LengthSizes(lengths[..^1]);
        BodySize = Sum(lengths);
    }

    /// <summary>The bytes before the first frame, padding lengths not counted.</summary>
    public int HeaderSize { get; }

    /// <summary>The bytes of all frames.</summary>
    public int BodySize { get; }

    /// <summary>The packet's size without padding.</summary>
    public int Size => HeaderSize + BodySize;

    /// <summary>How many bytes say how long the padding is, which are part of it (§3.2.5).</summary>
    public static int PaddingLengths(int padding) => (padding + 254) / 255;

    /// <summary>Writes all that comes before the first frame.</summary>
    /// <param name="packet">Where the packet starts.</param>
    /// <param name="toc">The packet's first byte; its code is replaced.</param>
    /// <param name="lengths">The frames' sizes that the layout was made for.</param>
    /// <param name="padding">By how much the packet is to be longer than <see cref="Size"/>; above 0 in code 3 only.</param>
    public void WriteHeader(Span<byte> packet, byte toc, ReadOnlySpan<ushort> lengths, int padding = 0)
    {
        packet[0] = (byte)(toc & ~CodeMask | _code);
        var at = 1;
        if (_code == 3)
            packet[at++] = (byte)(lengths.Length | (_isVariable ? VariableFlag : 0) | (padding > 0 ? PaddingFlag : 0));
        WritePaddingLengths(packet, ref at, padding);
        if (!_isVariable)
            return;
        foreach (var length in lengths[..^1])
            WriteLength(packet, ref at, length);
    }

    private static void WritePaddingLengths(Span<byte> packet, ref int at, int padding)
    {
        if (padding == 0)
            return;

        // Each 255 stands for 254 bytes and itself; the last length byte for its value and itself.
        var full = PaddingLengths(padding) - 1;
        packet.Slice(at, full).Fill(255);
        at += full;
        packet[at++] = (byte)(padding - 255 * full - 1);
    }

    private static void WriteLength(Span<byte> packet, ref int at, int length)
    {
        if (length < 252)
        {
            packet[at++] = (byte)length;
            return;
        }

        var first = 252 + (length & 3);
        packet[at++] = (byte)first;
        packet[at++] = (byte)((length - first) >> 2);
    }

    private static int LengthSizes(ReadOnlySpan<ushort> lengths)
    {
        var size = 0;
        foreach (var length in lengths)
            size += length < 252 ? 1 : 2;
        return size;
    }

    /// <summary>The bytes of frames of such sizes.</summary>
    public static int Sum(ReadOnlySpan<ushort> lengths)
    {
        var sum = 0;
        foreach (var length in lengths)
            sum += length;
        return sum;
    }
}
