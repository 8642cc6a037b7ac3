namespace VoiceKit.Opus;

/// <summary>
/// Where a self-delimited packet ends and where the length is that a packet of its own does not have (RFC 6716 appendix B): that
/// of its last frame, or of each where they are equal, just before the first frame.
/// </summary>
internal readonly record struct OpusDelimitedLayout
{
    /// <summary>The number of frames, 1…48.</summary>
    public int FrameCount { get; private init; }

    /// <summary>Where the additional length is.</summary>
    public int LengthAt { get; private init; }

    /// <summary>Where the frames start: behind the additional length.</summary>
    public int FramesAt { get; private init; }

    /// <summary>The size of the whole, padding included.</summary>
    public int Size { get; private init; }

    /// <summary>Reads the packet at the start of the bytes.</summary>
    public static OpusPacketFault Read(ReadOnlySpan<byte> data, out OpusDelimitedLayout layout)
    {
        layout = default;
        if (data.IsEmpty)
            return OpusPacketFault.Empty;

        var toc = new OpusToc(data[0]);
        if (toc.Code == 3)
            return ReadCounted(data, toc, out layout);
        var position = 1;
        var count = toc.Code == 0 ? 1 : 2;
        return count * toc.FrameDuration > OpusPacket.MaxDuration
            ? OpusPacketFault.Duration
            : ReadFrames(data, ref position, count, toc.Code == 2, 0, out layout);
    }

    private static OpusPacketFault ReadCounted(ReadOnlySpan<byte> data, OpusToc toc, out OpusDelimitedLayout layout)
    {
        layout = default;
        if (data.Length < 2)
            return OpusPacketFault.Delimiting;
        var count = OpusPacketLayout.FrameCountOf(data[1]);
        if (count == 0 || count * toc.FrameDuration > OpusPacket.MaxDuration)
            return OpusPacketFault.Duration;

        var position = 2;
        var padding = 0;
        if (OpusPacketLayout.IsPadded(data[1]) && !OpusPacketLayout.ReadPadding(data, ref position, out padding))
            return OpusPacketFault.Delimiting;
        return ReadFrames(data, ref position, count, OpusPacketLayout.IsVariable(data[1]), padding, out layout);
    }

    private static OpusPacketFault ReadFrames(
        ReadOnlySpan<byte> data, ref int position, int count, bool isVariable, int padding, out OpusDelimitedLayout layout)
    {
        layout = default;
        var bytes = 0;
        for (var i = 0; isVariable && i < count - 1; i++)
        {
            var length = OpusPacketLayout.ReadLength(data, ref position);
            if (length < 0)
                return OpusPacketFault.Delimiting;
            bytes += length;
        }

        var lengthAt = position;
        var last = OpusPacketLayout.ReadLength(data, ref position);
        if (last < 0)
            return OpusPacketFault.Delimiting;
        bytes += isVariable ? last : count * last;
        if (bytes + padding > data.Length - position)
            return OpusPacketFault.Delimiting;

        layout = new OpusDelimitedLayout
        {
            FrameCount = count,
            LengthAt = lengthAt,
            FramesAt = position,
            Size = position + bytes + padding,
        };
        return OpusPacketFault.None;
    }
}
