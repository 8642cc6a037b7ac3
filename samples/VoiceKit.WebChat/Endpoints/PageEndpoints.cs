using Microsoft.Extensions.FileProviders;
using VoiceKit.WebChat.Http;
using VoiceKit.WebChat.Rooms;

namespace VoiceKit.WebChat.Endpoints;

/// <summary>The page, and what happens in its room.</summary>
internal static class PageEndpoints
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/", (RoomKey key) => TypedResults.Redirect($"/r/{key.NewToken()}"));
        app.MapGet("/r/{room}", Page);
        app.MapPost("/api/rooms", (RoomKey key) => TypedResults.Ok(new { Room = key.NewToken() }));
    }

    public static void MapEvents(RouteGroupBuilder room) => room.MapGet("/events", Follow);

    private static IResult Page(string room, RoomKey key, IWebHostEnvironment environment)
    {
        var isRoom = key.IsToken(room);
        var file = environment.WebRootFileProvider.GetFileInfo(isRoom ? "index.html" : "no-room.html");
        return new PageResult(file, isRoom ? 200 : 404);
    }

    // A tab that is let go for another address connects again.
    private static IResult Follow(
        string room, HttpContext context, ChatRooms rooms, IHostApplicationLifetime lifetime)
    {
        var followed = Caller.RoomOf(context, room);
        var address = RateLimits.AddressOf(context);
        context.Response.RegisterForDispose(rooms.Followers.Take(address, context.Abort, "tabs"));
        var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.RegisterForDispose(end);
        return TypedResults.ServerSentEvents(followed.Events.FollowAsync(address, end.Token));
    }

    private sealed class PageResult(IFileInfo file, int status) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = "text/html; charset=utf-8";
            httpContext.Response.ContentLength = file.Length;
            await httpContext.Response.SendFileAsync(file, httpContext.RequestAborted);
        }
    }
}
