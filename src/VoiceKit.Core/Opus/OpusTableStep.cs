namespace VoiceKit.Opus;

/// <summary>What came of a step through the packets of a table.</summary>
internal enum OpusTableStep
{
    /// <summary>There is no more.</summary>
    End,

    /// <summary>There is a packet.</summary>
    Packet,

    /// <summary>A packet was passed over.</summary>
    Skipped,
}
