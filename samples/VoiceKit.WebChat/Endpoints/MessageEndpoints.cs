using VoiceKit.Storage;
using VoiceKit.WebChat.Http;
using VoiceKit.WebChat.Limits;
using VoiceKit.WebChat.Messages;
using VoiceKit.WebChat.Rooms;

namespace VoiceKit.WebChat.Endpoints;

/// <summary>The messages of a room: list, send, forward, note as played, delete.</summary>
internal static class MessageEndpoints
{
    private const int PageSize = 50;

    public static void Map(RouteGroupBuilder room, ChatOptions options)
    {
        room.MapGet("/messages", ListAsync);
        room.MapPost("/messages", SendAsync).WithMetadata(new BodyLimit(options.MaxRecordingBytes));
        room.MapPost("/messages/{id}/forward", ForwardAsync);
        room.MapPost("/messages/{id}/played", MarkPlayedAsync);
        room.MapDelete("/messages/{id}", DeleteAsync);
    }

    /// <summary>The message of an id.</summary>
    /// <exception cref="ChatException">There is none in the room.</exception>
    public static async Task<StoredVoiceMessage> FindAsync(ChatRoom room, string id, CancellationToken cancellationToken) =>
        Ids.IsId(id) && room.Store is { } store && await store.GetAsync(id, cancellationToken) is { } message
            ? message
            : throw new ChatException(404, "There is no such message", "It was deleted, or never was in this room.");

    private static async Task<IResult> ListAsync(
        Caller caller, ChatOptions options, string? before, CancellationToken cancellationToken)
    {
        var last = before is null ? null : await FindAsync(caller.Room, before, cancellationToken);
        List<StoredVoiceMessage> page = caller.Room.Store is { } store
            ? await store.ListAsync(new VoiceMessageQuery { Limit = PageSize + 1, Before = last }, cancellationToken)
                .ToListAsync(cancellationToken)
            : [];
        return TypedResults.Ok(new
        {
            You = caller.Person,
            Messages = page.Take(PageSize).Reverse().Select(MessageView.Of),
            More = page.Count > PageSize,
            Recordings = caller.Room.Recordings.Values.Select(RecordingView.Of),
            People = caller.Room.Events.Count,
            Limits = new { Seconds = options.MaxDuration.TotalSeconds, ImportBytes = options.MaxImportBytes },
        });
    }

    private static async Task<IResult> SendAsync(
        Caller caller,
        HttpRequest request,
        ChatFolder folder,
        DiskSpace disk,
        ChatOptions options,
        MessageMaker maker,
        string? recording,
        CancellationToken cancellationToken)
    {
        // What was uploaded in pieces may be a message although its page was never told.
        if (recording is not null && await RecordingEndpoints.FinishedAsync(caller, recording, cancellationToken) is { } known)
            return Created(caller, known);
        disk.Check();
        caller.Room.TakeTurn();
        using var file = folder.NewScratchFile(disk.Share(caller.Address));
        await using (var stream = file.Create())
            await Bodies.CopyAsync(
                request, stream, file.Reserve, options.MaxRecordingBytes, options.UploadTime, cancellationToken);
        var view = await maker.MakeAsync(
            caller.Address,
            file,
            (message, bars) => caller.Room.AddAsync(message, bars, caller.Person, caller.Address, forwarded: 0, recording: null,
                cancellationToken),
            cancellationToken);
        if (Ids.IsId(recording))
            caller.Room.Note(recording!, caller.Person, view);
        return Created(caller, view);
    }

    // The audio goes as it is; the person is another one in the other room.
    private static async Task<IResult> ForwardAsync(
        Caller caller,
        string id,
        Forwarding body,
        HttpContext context,
        DiskSpace disk,
        MessageMaker maker,
        CancellationToken cancellationToken)
    {
        var original = await FindAsync(caller.Room, id, cancellationToken);
        var target = Caller.Of(context, body.To ?? "");
        using var share = disk.Share(caller.Address);
        share.Add(original.Size);
        target.Room.TakeTurn();
        var message = await VoiceMessage.OpenAsync(original.Path, cancellationToken);
        await maker.MeasureAsync(
            caller.Address,
            message,
            (sound, bars) => target.Room.AddAsync(
                sound, bars, target.Person, target.Address, original.ForwardedCount + 1, recording: null, cancellationToken),
            cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> MarkPlayedAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var message = await FindAsync(caller.Room, id, cancellationToken);
        if (message.Sender == caller.Person || message.IsPlayed)
            return TypedResults.NoContent();
        if (await caller.Room.Store!.MarkPlayedAsync(id, cancellationToken: cancellationToken) is { } played)
            caller.Room.Events.Tell("changed", new { message = MessageView.Of(played) });
        return TypedResults.NoContent();
    }

    private static async Task<IResult> DeleteAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var message = await FindAsync(caller.Room, id, cancellationToken);
        if (message.Sender != caller.Person)
            throw new ChatException(403, "This is not yours", "Only who sent a message can delete it.");
        await caller.Room.DeleteAsync(id, cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>The answer to a message that was stored.</summary>
    public static IResult Created(Caller caller, MessageView view) =>
        TypedResults.Created($"/api/rooms/{caller.Token}/messages/{view.Id}/audio?v={view.Version}", view);

    internal sealed record Forwarding(string? To);
}
