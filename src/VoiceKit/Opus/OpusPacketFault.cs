namespace VoiceKit.Opus;

/// <summary>The rule of RFC 6716 §3.4 that a packet breaks.</summary>
internal enum OpusPacketFault
{
    None,
    Empty,
    FrameTooLong,
    OddPair,
    PairLength,
    Duration,
    ConstantLayout,
    VariableLayout,
}
