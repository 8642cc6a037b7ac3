using VoiceKit.WebChat.Rooms;

namespace VoiceKit.WebChat.Http;

/// <summary>
/// Who asks, and in which room. A page tells its person's secret in a header, which no other site can make a browser send.
/// </summary>
internal sealed record Caller(string Token, ChatRoom Room, string Person, string Address)
{
    public const string Header = "X-Person";

    /// <summary>Bound by minimal APIs.</summary>
    /// <exception cref="ChatException">There is no such room, or no secret.</exception>
    public static ValueTask<Caller> BindAsync(HttpContext context) =>
        ValueTask.FromResult(Of(context, (string?)context.GetRouteValue("room") ?? ""));

    /// <summary>Who asks, as another room knows the person.</summary>
    /// <exception cref="ChatException">There is no such room, or no secret.</exception>
    public static Caller Of(HttpContext context, string token)
    {
        var room = RoomOf(context, token);
        var secret = (string?)context.Request.Headers[Header];
        if (!Ids.IsSecret(secret))
            throw new ChatException(400, "Nobody asks", $"The header {Header} with the secret of a person is missing.");
        var person = context.RequestServices.GetRequiredService<RoomKey>().PersonOf(token, secret!);
        return new Caller(token, room, person, RateLimits.AddressOf(context));
    }

    /// <summary>A room, in use until the request is answered.</summary>
    /// <exception cref="ChatException">There is no such room.</exception>
    public static ChatRoom RoomOf(HttpContext context, string token)
    {
        var use = context.RequestServices.GetRequiredService<ChatRooms>().Enter(token);
        context.Response.RegisterForDispose(use);
        return use.Room;
    }
}
