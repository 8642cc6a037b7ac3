namespace VoiceKit.Caf;

/// <summary>The codes of chunks that are read or written (Core Audio Format Specification 1.0), as big-endian numbers.</summary>
internal static class CafChunkType
{
    public const uint File = 0x63616666; // caff
    public const uint Description = 0x64657363; // desc
    public const uint ChannelLayout = 0x6368616E; // chan
    public const uint Information = 0x696E666F; // info
    public const uint PacketTable = 0x70616B74; // pakt
    public const uint Data = 0x64617461; // data

    /// <summary>The format ID of Opus.</summary>
    public const uint Opus = 0x6F707573; // opus
}
