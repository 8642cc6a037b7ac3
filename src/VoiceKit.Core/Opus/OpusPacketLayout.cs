namespace VoiceKit.Opus;

/// <summary>Where the frames of a packet are. One reader serves the throwing and the trying entry points.</summary>
internal readonly struct OpusPacketLayout
{
    private readonly int _framesStart;
    private readonly int _lengthsStart;
    private readonly int _constantSize;

    private OpusPacketLayout(int frameCount, int padding, int lengthsStart, int framesStart, int constantSize)
    {
        FrameCount = frameCount;
        Padding = padding;
        _lengthsStart = lengthsStart;
        _framesStart = framesStart;
        _constantSize = constantSize;
    }

    public int FrameCount { get; }

    public int Padding { get; }

    public static OpusPacketFault Read(ReadOnlySpan<byte> data, out OpusPacketLayout layout)
    {
        layout = default;
        if (data.IsEmpty)
            return OpusPacketFault.Empty;

        return new OpusToc(data[0]).Code switch
        {
            0 => ReadConstant(data, 1, 1, 0, OpusPacketFault.FrameTooLong, out layout),
            1 => ReadConstant(data, 2, 1, 0, OpusPacketFault.OddPair, out layout),
            2 => ReadVariable(data, 2, 1, 0, OpusPacketFault.PairLength, out layout),
            _ => ReadCounted(data, out layout),
        };
    }

    /// <summary>
    /// Reads how long a packet of one or more streams is, in samples at 48 kHz, and checks it whole. All streams but the last are
    /// self-delimited (RFC 6716 appendix B), and all have one duration (RFC 7845 §3).
    /// </summary>
    public static OpusPacketFault ReadDuration(ReadOnlySpan<byte> data, int streamCount, out int duration)
    {
        // One frame of one stream, as most packets are: R2 is all that can be wrong.
        if (streamCount == 1 && (uint)(data.Length - 1) <= OpusPacket.MaxFrameSize && new OpusToc(data[0]) is { Code: 0 } toc)
        {
            duration = toc.FrameDuration;
            return OpusPacketFault.None;
        }

        return ReadAnyDuration(data, streamCount, out duration);
    }

    private static OpusPacketFault ReadAnyDuration(ReadOnlySpan<byte> data, int streamCount, out int duration)
    {
        duration = 0;
        var first = 0;
        for (var stream = 0; stream < streamCount - 1; stream++)
        {
            var delimitedFault = OpusDelimitedLayout.Read(data, out var delimited);
            if (delimitedFault != OpusPacketFault.None)
                return delimitedFault;
            var streamDuration = delimited.FrameCount * new OpusToc(data[0]).FrameDuration;
            if (stream > 0 && streamDuration != first)
                return OpusPacketFault.StreamDurations;
            first = streamDuration;
            data = data[delimited.Size..];
        }

        var fault = Read(data, out var layout);
        if (fault != OpusPacketFault.None)
            return fault;
        var last = layout.FrameCount * new OpusToc(data[0]).FrameDuration;
        if (streamCount > 1 && last != first)
            return OpusPacketFault.StreamDurations;
        duration = last;
        return OpusPacketFault.None;
    }

    /// <summary>Reads how long a packet is of which only the first bytes are there, and checks no more.</summary>
    public static OpusPacketFault PeekDuration(ReadOnlySpan<byte> start, out int duration)
    {
        duration = 0;
        if (start.Length < 2)
            return OpusPacketFault.ConstantLayout;
        var toc = new OpusToc(start[0]);
        var all = toc.FrameDuration * (toc.Code switch { 0 => 1, 3 => FrameCountOf(start[1]), _ => 2 });
        if (all is 0 or > OpusPacket.MaxDuration)
            return OpusPacketFault.Duration;
        duration = all;
        return OpusPacketFault.None;
    }

    /// <summary>The number of frames that the second byte of code 3 tells (§3.2.5).</summary>
    public static int FrameCountOf(byte value) => value & 0b0011_1111;

    /// <summary>Whether the second byte of code 3 says that there is padding (§3.2.5).</summary>
    public static bool IsPadded(byte value) => (value & 0b0100_0000) != 0;

    /// <summary>Whether the second byte of code 3 says that frames have lengths of their own (§3.2.5).</summary>
    public static bool IsVariable(byte value) => (value & 0b1000_0000) != 0;

    public static string Describe(OpusPacketFault fault) => fault switch
    {
        OpusPacketFault.Empty => "it has no bytes (RFC 6716 §3.4, R1).",
        OpusPacketFault.FrameTooLong => "a frame is longer than 1275 bytes (RFC 6716 §3.4, R2).",
        OpusPacketFault.OddPair => "two frames of equal size share an odd number of bytes (RFC 6716 §3.4, R3).",
        OpusPacketFault.PairLength => "the first of two frames does not fit (RFC 6716 §3.4, R4).",
        OpusPacketFault.Duration => "it holds no frame, or more than 120 ms (RFC 6716 §3.4, R5).",
        OpusPacketFault.ConstantLayout => "frames of equal size do not fill it evenly (RFC 6716 §3.4, R6).",
        OpusPacketFault.VariableLayout => "its frames or padding do not fit (RFC 6716 §3.4, R7).",
        OpusPacketFault.Delimiting => "a stream of it does not fit (RFC 6716 appendix B).",
        OpusPacketFault.StreamDurations => "its streams differ in duration (RFC 7845 §3).",
        _ => "it is valid.",
    };

    public (int Start, int Length) FrameAt(ReadOnlySpan<byte> data, int index)
    {
        if (_constantSize >= 0)
            return (_framesStart + index * _constantSize, _constantSize);

        var start = _framesStart;
        var position = _lengthsStart;
        for (var i = 0; ; i++)
        {
            var isLast = i == FrameCount - 1;
            var length = isLast ? data.Length - Padding - start : ReadLength(data, ref position);
            if (i == index)
                return (start, length);
            start += length;
        }
    }

    // Code 3: a frame count byte, then padding lengths, then frame lengths if variable (§3.2.5).
    private static OpusPacketFault ReadCounted(ReadOnlySpan<byte> data, out OpusPacketLayout layout)
    {
        layout = default;
        if (data.Length < 2)
            return OpusPacketFault.ConstantLayout;

        var isVariable = IsVariable(data[1]);
        var count = FrameCountOf(data[1]);
        if (count == 0 || count * new OpusToc(data[0]).FrameDuration > OpusPacket.MaxDuration)
            return OpusPacketFault.Duration;

        var position = 2;
        var padding = 0;
        var fault = isVariable ? OpusPacketFault.VariableLayout : OpusPacketFault.ConstantLayout;
        if (IsPadded(data[1]) && !ReadPadding(data, ref position, out padding))
            return fault;
        return isVariable
            ? ReadVariable(data, count, position, padding, fault, out layout)
            : ReadConstant(data, count, position, padding, fault, out layout);
    }

    /// <summary>Reads the bytes that tell how much padding there is; false when it is more than there are bytes.</summary>
    public static bool ReadPadding(ReadOnlySpan<byte> data, ref int position, out int padding)
    {
        padding = 0;
        while (position < data.Length)
        {
            var value = data[position++];
            // 255 stands for 254 bytes and "another length byte follows".
            padding += value == 255 ? 254 : value;
            if (padding > data.Length - position)
                return false;
            if (value != 255)
                return true;
        }

        return false;
    }

    private static OpusPacketFault ReadConstant(
        ReadOnlySpan<byte> data, int count, int start, int padding, OpusPacketFault unevenFault, out OpusPacketLayout layout)
    {
        layout = default;
        var bytes = data.Length - start - padding;
        if (bytes < 0 || bytes % count != 0)
            return unevenFault;
        if (bytes / count > OpusPacket.MaxFrameSize)
            return OpusPacketFault.FrameTooLong;

        layout = new OpusPacketLayout(count, padding, start, start, bytes / count);
        return OpusPacketFault.None;
    }

    private static OpusPacketFault ReadVariable(
        ReadOnlySpan<byte> data, int count, int start, int padding, OpusPacketFault unfitFault, out OpusPacketLayout layout)
    {
        layout = default;
        var end = data.Length - padding;
        var position = start;
        var bytes = 0;
        for (var i = 0; i < count - 1; i++)
        {
            var length = ReadLength(data[..end], ref position);
            if (length < 0)
                return unfitFault;
            bytes += length;
        }

        var last = end - position - bytes;
        if (last < 0)
            return unfitFault;
        if (last > OpusPacket.MaxFrameSize)
            return OpusPacketFault.FrameTooLong;

        layout = new OpusPacketLayout(count, padding, start, position, -1);
        return OpusPacketFault.None;
    }

    /// <summary>Reads a length (§3.2.1): one byte up to 251, else two. The largest value, 255 + 4 × 255, is 1275.</summary>
    /// <returns>−1 where the bytes end too early.</returns>
    public static int ReadLength(ReadOnlySpan<byte> data, ref int position)
    {
        if (position >= data.Length)
            return -1;
        int first = data[position++];
        if (first < 252)
            return first;
        return position < data.Length ? first + 4 * data[position++] : -1;
    }
}
