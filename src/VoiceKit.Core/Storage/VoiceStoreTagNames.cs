namespace VoiceKit.Storage;

/// <summary>The comments in which a store keeps what it knows of a message. A file may lack any of them.</summary>
internal static class VoiceStoreTagNames
{
    /// <summary>The id; see <see cref="VoiceMessageInfo.Id"/>.</summary>
    public const string Id = "VOICEKIT_ID";

    /// <summary>When it was sent: ISO 8601 in UTC to the millisecond, <c>2026-11-21T18:37:05.123Z</c>.</summary>
    public const string Time = "VOICEKIT_TIME";

    /// <summary><c>sent</c> or <c>received</c>. In a store the folder counts.</summary>
    public const string Direction = "VOICEKIT_DIRECTION";

    /// <summary>Who sent it.</summary>
    public const string Sender = "VOICEKIT_SENDER";

    /// <summary>The conversation that it belongs to.</summary>
    public const string Conversation = "VOICEKIT_CONVERSATION";

    /// <summary>How often it was forwarded: a whole number.</summary>
    public const string Forwarded = "VOICEKIT_FORWARDED";

    /// <summary><c>1</c> when it was listened to, <c>0</c> when not: the same size, so that it can be changed in place.</summary>
    public const string Played = "VOICEKIT_PLAYED";

    /// <summary>The heights of the bars: a byte each, 255 the highest, in base64.</summary>
    public const string Bars = "VOICEKIT_BARS";

    internal const string Prefix = "VOICEKIT_";
}
