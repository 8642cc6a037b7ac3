namespace VoiceKit.Ogg;

/// <summary>The outcome of a search for the next page.</summary>
internal enum OggSyncStatus
{
    Page,
    NeedData,
    End,
}
