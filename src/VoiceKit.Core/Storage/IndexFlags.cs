namespace VoiceKit.Storage;

/// <summary>What a record of the index says yes or no to.</summary>
[Flags]
internal enum IndexFlags : byte
{
    /// <summary>The file is there; otherwise the record tells that it is gone.</summary>
    IsThere = 1,

    /// <summary>The file is a message.</summary>
    IsMessage = 2,

    /// <summary>It is in Received, not in Sent.</summary>
    IsReceived = 4,

    /// <summary>It was listened to.</summary>
    IsPlayed = 8,

    /// <summary>It was forwarded at least once.</summary>
    IsForwarded = 16,

    /// <summary>The system has failed to read the file as it is now; what is said of it is what was known before.</summary>
    IsUnread = 32,
}
