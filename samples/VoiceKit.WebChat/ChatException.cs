namespace VoiceKit.WebChat;

/// <summary>A request that is refused, with what to tell the client.</summary>
/// <param name="status">The HTTP status, 4xx or 5xx.</param>
/// <param name="title">What is wrong in a few words, the same for all requests of the kind.</param>
/// <param name="detail">What is wrong with this one.</param>
internal sealed class ChatException(int status, string title, string detail) : Exception(detail)
{
    public int Status { get; } = status;

    public string Title { get; } = title;
}
