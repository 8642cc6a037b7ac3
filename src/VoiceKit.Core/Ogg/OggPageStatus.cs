namespace VoiceKit.Ogg;

/// <summary>What stands at a place where a page may start.</summary>
internal enum OggPageStatus
{
    Valid,
    Incomplete,
    NotAPage,
    BadChecksum,
}
