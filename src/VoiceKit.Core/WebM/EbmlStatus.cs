namespace VoiceKit.WebM;

/// <summary>What the bytes at a place are.</summary>
internal enum EbmlStatus
{
    Valid,
    Incomplete,
    Broken,
}
