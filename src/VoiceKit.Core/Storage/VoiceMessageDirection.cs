namespace VoiceKit.Storage;

/// <summary>Whose message it is: the folder that it is in.</summary>
public enum VoiceMessageDirection
{
    /// <summary>The person's own, in <c>Sent</c>.</summary>
    Sent,

    /// <summary>Someone else's, in <c>Received</c>.</summary>
    Received,
}
