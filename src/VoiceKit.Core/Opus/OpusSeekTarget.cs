namespace VoiceKit.Opus;

/// <summary>
/// What of the packets is given and heard behind a seek, for readers that go to a place before it and read on from there.
/// </summary>
/// <param name="position">Where to go: samples at 48 kHz.</param>
/// <param name="preRoll">How much before that is given to be decoded.</param>
internal struct OpusSeekTarget(long position, int preRoll)
{
    private readonly long _heardFrom = position;
    private bool _isPending = true;

    /// <summary>Packets that end before this position are not even given.</summary>
    public long GivenFrom { get; } = position - preRoll;

    /// <summary>Where a reader stands: where it was sent, until it has read.</summary>
    /// <param name="read">The end of what it read.</param>
    public readonly long PositionAfter(long read) => _isPending ? _heardFrom : read;

    /// <summary>Tells that the reader has read on.</summary>
    public void Reach() => _isPending = false;

    /// <summary>Trims what of a packet is before the position.</summary>
    /// <returns>False where the packet is so far before it that it need not be decoded.</returns>
    public readonly bool TryCut(ref OpusPacketInfo info)
    {
        if (info.Position >= _heardFrom)
            return true;
        if (info.Position + info.Playable < GivenFrom)
            return false;
        var start = (int)Math.Min(_heardFrom - info.Position, info.Playable);
        info = info with { Position = info.Position + start, TrimStart = info.TrimStart + start };
        return true;
    }
}
