namespace VoiceKit.Opus;

/// <summary>
/// A view of one Opus packet: its table-of-contents byte and its frames (RFC 6716 §3), checked by the rules R1–R7 of §3.4.
/// Lives as long as the bytes it was made of.
/// </summary>
internal readonly ref struct OpusPacket
{
    /// <summary>The longest duration of a packet: 120 ms, in samples at 48 kHz (R5).</summary>
    public const int MaxDuration = 5760;

    /// <summary>The longest frame, in bytes (R2).</summary>
    public const int MaxFrameSize = 1275;

    /// <summary>
    /// A buffer of this many bytes holds whatever an encoder makes: 6 frames of 1275 bytes, their lengths and a header.
    /// </summary>
    public const int MaxEncodedSize = 6 * (MaxFrameSize + 2) + 2;

    /// <summary>The most frames in a packet: 48 of 2.5 ms.</summary>
    public const int MaxFrameCount = 48;

    /// <summary>A larger packet, per stream in it, is not valid in a container (RFC 7845 §6).</summary>
    internal const int MaxSizePerStream = 61_440;

    private readonly OpusPacketLayout _layout;

    private OpusPacket(ReadOnlySpan<byte> data, OpusPacketLayout layout)
    {
        Data = data;
        _layout = layout;
    }

    /// <summary>The whole packet.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>The table-of-contents byte (§3.1).</summary>
    public OpusToc Toc => new(Data[0]);

    /// <summary>The number of frames, 1…48.</summary>
    public int FrameCount => _layout.FrameCount;

    /// <summary>The duration in samples at 48 kHz: 120 (2.5 ms) to 5760 (120 ms).</summary>
    public int Duration => _layout.FrameCount * Toc.FrameDuration;

    /// <summary>The padding at the end, in bytes, without the bytes that count it (§3.2.5).</summary>
    public int PaddingSize => _layout.Padding;

    /// <summary>Reads a packet.</summary>
    /// <param name="data">The whole packet and nothing else.</param>
    /// <exception cref="VoiceFormatException">
    /// The packet breaks a rule of §3.4, which the exception names; the offset is within the packet.
    /// </exception>
    public static OpusPacket Parse(ReadOnlySpan<byte> data)
    {
        var fault = OpusPacketLayout.Read(data, out var layout);
        return fault == OpusPacketFault.None
            ? new OpusPacket(data, layout)
            : throw new VoiceFormatException($"Malformed Opus packet: {OpusPacketLayout.Describe(fault)}", 0);
    }

    /// <summary>Reads a packet.</summary>
    /// <param name="data">The whole packet and nothing else.</param>
    /// <param name="packet">The packet, where the result is true.</param>
    /// <returns>Whether it keeps the rules of §3.4.</returns>
    public static bool TryParse(ReadOnlySpan<byte> data, out OpusPacket packet)
    {
        var valid = OpusPacketLayout.Read(data, out var layout) == OpusPacketFault.None;
        packet = valid ? new OpusPacket(data, layout) : default;
        return valid;
    }

    /// <summary>The compressed data of one frame.</summary>
    /// <param name="index">0…<see cref="FrameCount"/> − 1.</param>
    /// <returns>0…1275 bytes; none means that the frame was lost or not sent (DTX).</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative, or not below the number of frames.</exception>
    public ReadOnlySpan<byte> GetFrame(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, FrameCount);
        var (start, length) = _layout.FrameAt(Data, index);
        return Data.Slice(start, length);
    }
}
