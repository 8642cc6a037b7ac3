namespace VoiceKit.Rtp;

/// <summary>What came of the RTP packets so far.</summary>
public record struct RtpOpusStatistics
{
    /// <summary>RTP packets given, of whatever kind.</summary>
    public long Received { get; internal set; }

    /// <summary>Opus packets read.</summary>
    public long Delivered { get; internal set; }

    /// <summary>Sequence numbers that never came, or too late. Silence that was not sent (DTX) is not among them.</summary>
    public long Lost { get; internal set; }

    /// <summary>Packets that came after one with a higher sequence number, in time to be put in order.</summary>
    public long Reordered { get; internal set; }

    /// <summary>Packets that came after they had been given up as lost.</summary>
    public long Late { get; internal set; }

    /// <summary>Packets that came once more.</summary>
    public long Duplicates { get; internal set; }

    /// <summary>Packets that are no RTP, or whose payload is no valid Opus packet.</summary>
    public long Malformed { get; internal set; }

    /// <summary>Packets of another payload type or source, without payload, or of RTCP.</summary>
    public long Ignored { get; internal set; }

    /// <summary>How often the source changed or began anew.</summary>
    public long Restarts { get; internal set; }
}
