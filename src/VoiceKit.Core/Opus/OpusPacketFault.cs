namespace VoiceKit.Opus;

/// <summary>The rule that a packet breaks: of RFC 6716 §3.4, or for several streams of its appendix B or RFC 7845 §3.</summary>
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
    Delimiting,
    StreamDurations,
}
