using VoiceKit.WebChat.Http;
using VoiceKit.WebChat.Limits;
using VoiceKit.WebChat.Messages;
using VoiceKit.WebChat.Rooms;

namespace VoiceKit.WebChat.Endpoints;

/// <summary>
/// Recordings that are uploaded while they are made: begun, sent piece by piece, and finished or dropped. Who is in the room can
/// listen meanwhile.
/// </summary>
internal static class RecordingEndpoints
{
    public static void Map(RouteGroupBuilder room, ChatOptions options)
    {
        room.MapPost("/recordings", Begin);
        room.MapPut("/recordings/{id}/pieces/{number:int:min(0)}", AppendAsync)
            .WithMetadata(new BodyLimit(options.MaxChunkBytes));
        room.MapPut("/recordings/{id}/paused", Pause);
        room.MapPost("/recordings/{id}/finish", FinishAsync);
        room.MapDelete("/recordings/{id}", DropAsync);
        room.MapGet("/recordings/{id}/audio", ListenAsync);
    }

    private static IResult Begin(Caller caller, ChatRooms rooms, DiskSpace disk)
    {
        disk.Check();
        caller.Room.TakeTurn();
        var view = RecordingView.Of(rooms.Begin(caller.Room, caller.Person, caller.Address));
        caller.Room.Events.Tell("recording", new { recording = view });
        return TypedResults.Created($"/api/rooms/{caller.Token}/recordings/{view.Id}", view);
    }

    private static async Task<IResult> AppendAsync(
        Caller caller, string id, int number, HttpRequest request, ChatOptions options, CancellationToken cancellationToken)
    {
        var recording = Own(caller, id);
        using var place = recording.Expect(number);
        var piece = await Bodies.ReadAsync(request, options.MaxChunkBytes, options.UploadTime, cancellationToken);
        var wasKnown = recording.CanBeHeard is not null;
        await recording.AppendAsync(number, piece, cancellationToken);
        if (!wasKnown && recording.CanBeHeard == false)
            caller.Room.Events.Tell("recording", new { recording = RecordingView.Of(recording) });
        return TypedResults.NoContent();
    }

    private static IResult Pause(Caller caller, string id, Pausing body)
    {
        var recording = Own(caller, id);
        var isNews = recording.IsPaused != body.Paused;
        recording.KeepAlive(body.Paused);
        if (isNews)
            caller.Room.Events.Tell("recording", new { recording = RecordingView.Of(recording) });
        return TypedResults.NoContent();
    }

    private static async Task<IResult> FinishAsync(
        Caller caller, string id, ChatRooms rooms, MessageMaker maker, IHostApplicationLifetime lifetime)
    {
        // It goes on when the page is closed meanwhile: all of the recording is here.
        var end = lifetime.ApplicationStopping;
        if (await FinishedAsync(caller, id, end) is { } before)
            return MessageEndpoints.Created(caller, before);
        var recording = Own(caller, id);
        if (!await recording.EndAsync(isDropped: false))
            return MessageEndpoints.Created(caller, await FinishedAsync(caller, id, end) ?? throw Gone());
        var isStored = false;
        try
        {
            var view = await maker.MakeAsync(
                caller.Address,
                recording.File,
                (message, bars) =>
                    caller.Room.AddAsync(message, bars, caller.Person, caller.Address, forwarded: 0, recording.Id, end),
                end);
            isStored = true;
            caller.Room.Note(recording.Id, recording.Person, view);
            return MessageEndpoints.Created(caller, view);
        }
        finally
        {
            ChatRooms.Remove(caller.Room, recording);
            recording.SayDone();
            if (!isStored)
                caller.Room.Events.Tell("dropped", new { id });
        }
    }

    private static async Task<IResult> DropAsync(Caller caller, string id, ChatRooms rooms)
    {
        await ChatRooms.DropAsync(caller.Room, Own(caller, id));
        return TypedResults.NoContent();
    }

    private static async Task ListenAsync(
        string room, string id, HttpContext context, IHostApplicationLifetime lifetime)
    {
        if (!Caller.RoomOf(context, room).Recordings.TryGetValue(id, out var recording))
            throw Gone();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var place = recording.Listen();
        try
        {
            await LiveAudio.SendAsync(recording, context.Response, end.Token);
        }
        catch (FileNotFoundException)
        {
            throw Gone();
        }
    }

    /// <summary>
    /// The message that a person's recording has become. One that is being stored is waited for; null if it has become none.
    /// </summary>
    public static async Task<MessageView?> FinishedAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        if (caller.Room.Recordings.TryGetValue(id, out var recording)
            && recording is { IsEnded: true, IsDropped: false } && recording.Person == caller.Person)
            await recording.Done.WaitAsync(cancellationToken);
        return caller.Room.Finished.TryGetValue(id, out var finished) && finished.Person == caller.Person
            ? finished.Message
            : null;
    }

    private static LiveRecording Own(Caller caller, string id)
    {
        if (!caller.Room.Recordings.TryGetValue(id, out var recording))
            throw Gone();
        return recording.Person == caller.Person
            ? recording
            : throw new ChatException(403, "This is not yours", "Only who records can add to a recording.");
    }

    private static ChatException Gone() =>
        new(404, "There is no such recording", "It is finished, was dropped, or nothing was heard of it for too long.");

    internal sealed record Pausing(bool Paused);
}
