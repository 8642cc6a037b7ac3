using VoiceKit.WebChat.Http;
using VoiceKit.WebChat.Limits;
using VoiceKit.WebChat.Messages;

namespace VoiceKit.WebChat.Endpoints;

/// <summary>Files that were recorded elsewhere: uploaded and looked at, then sent or dropped.</summary>
internal static class ImportEndpoints
{
    public static void Map(RouteGroupBuilder room, ChatOptions options)
    {
        room.MapPost("/imports", AddAsync).WithMetadata(new BodyLimit(options.MaxImportBytes));
        room.MapPost("/imports/{id}/send", SendAsync);
        room.MapDelete("/imports/{id}", Drop);
    }

    private static async Task<IResult> AddAsync(
        Caller caller,
        HttpRequest request,
        ImportDesk desk,
        DiskSpace disk,
        ChatOptions options,
        CancellationToken cancellationToken)
    {
        disk.Check();
        caller.Room.TakeTurn();
        var view = await desk.AddAsync(
            caller,
            async (file, token) =>
            {
                await using var stream = file.Create();
                await Bodies.CopyAsync(request, stream, file.Reserve, options.MaxImportBytes, options.UploadTime, token);
            },
            cancellationToken);
        if (view.Refused)
            throw new ChatException(422, "The file is too long",
                $"A message has at most {options.MaxDuration.TotalMinutes:0.##} minutes.");
        return TypedResults.Ok(view);
    }

    private static async Task<IResult> SendAsync(
        Caller caller, string id, ImportDesk desk, MessageMaker maker, CancellationToken cancellationToken)
    {
        var view = await desk.SendAsync(
            id,
            caller.Token,
            caller.Person,
            message => maker.MeasureAsync(
                caller.Address,
                message,
                (sound, bars) => caller.Room.AddAsync(sound, bars, caller.Person, caller.Address, forwarded: 0, recording: null,
                    cancellationToken),
                cancellationToken),
            cancellationToken);
        return MessageEndpoints.Created(caller, view);
    }

    private static IResult Drop(Caller caller, string id, ImportDesk desk)
    {
        desk.Drop(id, caller.Token, caller.Person);
        return TypedResults.NoContent();
    }
}
