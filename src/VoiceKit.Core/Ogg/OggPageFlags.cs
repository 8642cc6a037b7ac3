namespace VoiceKit.Ogg;

/// <summary>The header type flags of a page (RFC 3533 §6).</summary>
[Flags]
internal enum OggPageFlags : byte
{
    None = 0,
    Continued = 1,
    BeginOfStream = 2,
    EndOfStream = 4,
}
