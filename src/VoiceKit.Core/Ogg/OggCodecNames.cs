namespace VoiceKit.Ogg;

/// <summary>Names the codec of an Ogg stream by the first packet, for error messages.</summary>
internal static class OggCodecNames
{
    public static string Identify(ReadOnlySpan<byte> packet) =>
        packet.StartsWith("\u0001vorbis"u8) ? "Vorbis"
        : packet.StartsWith("Speex   "u8) ? "Speex"
        : packet.StartsWith("\u007fFLAC"u8) ? "FLAC"
        : packet.Length > 1 && packet[0] == 0x80 && packet[1..].StartsWith("theora"u8) ? "Theora"
        : packet.StartsWith("PCM     "u8) ? "PCM"
        : "of another codec";
}
