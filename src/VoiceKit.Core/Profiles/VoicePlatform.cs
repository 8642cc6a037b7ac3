namespace VoiceKit.Profiles;

/// <summary>Whose bars, fields and uploads a <see cref="VoiceProfile"/> speaks.</summary>
internal enum VoicePlatform
{
    /// <summary>None in particular.</summary>
    Generic,

    /// <summary>WhatsApp.</summary>
    WhatsApp,

    /// <summary>Telegram.</summary>
    Telegram,

    /// <summary>Discord.</summary>
    Discord,

    /// <summary>Matrix as clients send it: the first text of MSC3245.</summary>
    MatrixV1,

    /// <summary>Matrix as the current drafts of MSC3245 and MSC3246 have it.</summary>
    Matrix,

    /// <summary>Signal, which takes no Opus.</summary>
    Signal,

    /// <summary>Apple's iMessage.</summary>
    IMessage,
}
