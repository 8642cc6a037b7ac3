using System.Globalization;
using Microsoft.Net.Http.Headers;
using VoiceKit.Containers;
using VoiceKit.Opus;
using VoiceKit.WebChat.Http;
using VoiceKit.WebChat.Messages;

namespace VoiceKit.WebChat.Endpoints;

/// <summary>
/// The sound of a message, for players (in ranges) and as a file. A player names no person: the room's token is enough.
/// </summary>
internal static class AudioEndpoints
{
    private const string Forever = "private, max-age=31536000, immutable";
    private const string Revalidated = "private, no-cache";
    private const string OggType = "audio/ogg; codecs=opus";
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(RouteGroupBuilder room)
    {
        room.MapMethods("/messages/{id}/audio", Methods, PlayAsync);
        room.MapMethods("/messages/{id}/download", Methods, DownloadAsync);
        room.MapGet("/messages/{id}/bars", BarsAsync);
    }

    private static async Task<IResult> PlayAsync(
        string room,
        string id,
        HttpContext context,
        Conversions conversions,
        CancellationToken cancellationToken,
        string? v = null,
        [Microsoft.AspNetCore.Mvc.FromQuery(Name = "as")] string? format = null)
    {
        var message = await MessageEndpoints.FindAsync(Caller.RoomOf(context, room), id, cancellationToken);
        var container = ContainerOf(format, context.Request);
        var file = OpenMessage(message.Path);
        try
        {
            var written = File.GetLastWriteTimeUtc(file.SafeFileHandle);
            var version = MessageView.VersionOf(written, file.Length);
            var (stream, type) = await ConvertAsync(file, container, conversions, context);
            context.Response.Headers.CacheControl = v == version ? Forever : Revalidated;
            if (format is null)
                context.Response.Headers.Vary = HeaderNames.UserAgent;
            var tag = new EntityTagHeaderValue($"\"{version}-{container.ToString().ToLowerInvariant()}\"");
            return TypedResults.Stream(stream, type, null, written, tag, enableRangeProcessing: true);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private static async Task<IResult> DownloadAsync(
        string room, string id, HttpContext context, Conversions conversions, CancellationToken cancellationToken)
    {
        var message = await MessageEndpoints.FindAsync(Caller.RoomOf(context, room), id, cancellationToken);
        await using var file = OpenMessage(message.Path);
        var copy = await conversions.ConvertAsync(context, file, OpusContainer.Ogg);
        var name = string.Create(CultureInfo.InvariantCulture,
            $"Voice message {message.Time.UtcDateTime:yyyy-MM-dd HH.mm.ss}.opus");
        context.Response.Headers.CacheControl = Revalidated;
        return TypedResults.Stream(copy, OggType, name, enableRangeProcessing: true);
    }

    private static async Task<IResult> BarsAsync(
        string room, string id, HttpContext context, CancellationToken cancellationToken, int count = 64)
    {
        if (count is < 1 or > 512)
            throw new ChatException(400, "Too many bars", "A message has 1 to 512 bars.");
        var message = await MessageEndpoints.FindAsync(Caller.RoomOf(context, room), id, cancellationToken);
        return TypedResults.Ok(new { Seconds = message.Duration.TotalSeconds, Bars = Cut(message.Bars, count) });
    }

    private static int[] Cut(IReadOnlyList<float> bars, int count) => bars.Count == 0
        ? new int[count]
        : [.. Waveforms.Waveform.FromLevels([.. bars]).Resample(count)
            .ToBars(Waveforms.WaveformScale.Linear).Select(bar => (int)Math.Round(100 * bar))];

    // Safari has learned to play Ogg late, and says so to its page; a link that somebody opens has no page that could ask.
    private static OpusContainer ContainerOf(string? format, HttpRequest request) => format switch
    {
        null => IsSafari(request.Headers.UserAgent.ToString()) ? OpusContainer.Caf : OpusContainer.Ogg,
        "ogg" => OpusContainer.Ogg,
        "caf" => OpusContainer.Caf,
        "webm" => OpusContainer.WebM,
        "mp4" => OpusContainer.Mp4,
        _ => throw new ChatException(406, "There is no such format", "Messages come as ogg, mp4, caf or webm."),
    };

    private static bool IsSafari(string agent) =>
        agent.Contains("AppleWebKit/", StringComparison.Ordinal) && agent.Contains("Version/", StringComparison.Ordinal)
        && !agent.Contains("Chrom", StringComparison.Ordinal) && !agent.Contains("Android", StringComparison.Ordinal);

    private static async Task<(Stream Stream, string Type)> ConvertAsync(
        FileStream file, OpusContainer container, Conversions conversions, HttpContext context)
    {
        if (container == OpusContainer.Ogg && await UntaggedStream.TryOpenAsync(file, context.RequestAborted) is { } untagged)
            return (untagged, OggType);
        var stream = await conversions.ConvertAsync(context, file, container);
        await file.DisposeAsync();
        return (stream, container switch
        {
            OpusContainer.Ogg => OggType,
            OpusContainer.Caf => "audio/x-caf",
            OpusContainer.Mp4 => "audio/mp4; codecs=opus",
            _ => "audio/webm; codecs=opus",
        });
    }

    private static FileStream OpenMessage(string path)
    {
        try
        {
            return new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 16 * 1024, FileOptions.Asynchronous);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ChatException(404, "There is no such message", "It was deleted.");
        }
    }
}
