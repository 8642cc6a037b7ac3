using VoiceKit.Opus;

namespace VoiceKit.Mp4;

/// <summary>The sizes and durations of packets: eight bytes for each.</summary>
internal sealed class Mp4PacketList(OpusHead head)
{
    private int[] _sizes = new int[256];
    private int[] _durations = new int[256];

    public int Count { get; private set; }

    /// <summary>What they last in all, in samples at 48 kHz.</summary>
    public long Duration { get; private set; }

    /// <summary>The bytes of all of them.</summary>
    public long Size { get; private set; }

    public ReadOnlySpan<int> Sizes => _sizes.AsSpan(0, Count);

    public ReadOnlySpan<int> Durations => _durations.AsSpan(0, Count);

    /// <summary>Adds a packet.</summary>
    /// <exception cref="VoiceFormatException">The bytes are no Opus packet, or too large.</exception>
    public void Add(ReadOnlySpan<byte> packet)
    {
        if (packet.Length > OpusPacket.MaxSizePerStream * head.StreamCount)
            throw new VoiceFormatException($"A packet of {packet.Length} bytes is larger than RFC 7845 §6 allows.");
        var fault = OpusPacketLayout.ReadDuration(packet, head.StreamCount, out var duration);
        if (fault != OpusPacketFault.None)
            throw new VoiceFormatException($"Malformed Opus packet: {OpusPacketLayout.Describe(fault)}", 0);
        if (Count == _sizes.Length)
        {
            Array.Resize(ref _sizes, 2 * Count);
            Array.Resize(ref _durations, 2 * Count);
        }

        (_sizes[Count], _durations[Count]) = (packet.Length, duration);
        Count++;
        Duration += duration;
        Size += packet.Length;
    }

    /// <summary>Forgets all but the last ones.</summary>
    public void KeepLast(int count)
    {
        var from = Count - count;
        _sizes.AsSpan(from, count).CopyTo(_sizes);
        _durations.AsSpan(from, count).CopyTo(_durations);
        (Count, Duration, Size) = (count, 0, 0);
        for (var i = 0; i < count; i++)
        {
            Duration += _durations[i];
            Size += _sizes[i];
        }
    }

    /// <summary>Refuses an end that there cannot be.</summary>
    /// <param name="duration">What all packets last.</param>
    /// <param name="trimEnd">What is dropped at the end.</param>
    public void CheckEnd(long duration, int trimEnd)
    {
        if (Count == 0)
            throw new InvalidOperationException("A stream has at least one packet.");
        ArgumentOutOfRangeException.ThrowIfNegative(trimEnd);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(trimEnd, _durations[Count - 1]);
        if (duration - trimEnd < head.PreSkip)
            throw new InvalidOperationException("The stream would end within its pre-skip.");
    }
}
