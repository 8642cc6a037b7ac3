namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>What a SILK frame holds (RFC 6716 §4.2.7.3, table 10). The values index tables.</summary>
internal enum SilkSignalType
{
    Inactive,
    Unvoiced,
    Voiced,
}
