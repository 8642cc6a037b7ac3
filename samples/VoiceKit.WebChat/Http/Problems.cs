using VoiceKit.FFmpeg;
using VoiceKit.Importing;

namespace VoiceKit.WebChat.Http;

/// <summary>Tells a client what is wrong, as problem+json (RFC 9457).</summary>
internal static partial class Problems
{
    /// <summary>Answers what a request throws.</summary>
    public static IApplicationBuilder UseProblems(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, exception);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException
            or ChatException or VoiceFormatException)
        {
            context.Abort();
        }
    });

    /// <summary>A refusal as an answer.</summary>
    public static IResult Of(int status, string title, string detail) =>
        TypedResults.Problem(detail, statusCode: status, title: title);

    private static async Task AnswerAsync(HttpContext context, Exception exception)
    {
        var (status, title, detail) = exception switch
        {
            ChatException known => (known.Status, known.Title, known.Message),
            BadHttpRequestException bad => (bad.StatusCode, "The request is wrong", bad.Message),
            VoiceFormatException => (400, "The sound cannot be read", exception.Message),
            FFmpegException => (422, "The file cannot be read here", "What reads such files is missing here, or has failed."),
            OperationCanceledException => (503, "The server is ending", "Try again in a moment."),
            _ => (500, "The server has a problem", "It was not your fault. Try again."),
        };
        if (status == 500 || exception is FFmpegException)
            LogFailure(context.RequestServices.GetRequiredService<ILogger<ChatFolder>>(), exception);
        var options = context.RequestServices.GetRequiredService<ChatOptions>();
        var headers = context.Response.Headers;
        headers.ETag = default;
        headers.ContentDisposition = default;
        headers.CacheControl = "no-store";
        if (status is 429 or 503)
            headers.RetryAfter = "5";
        await Of(status, title, Hiding.HidePaths(detail, options.Folder)).ExecuteAsync(context);
    }

    [LoggerMessage(LogLevel.Error, "A request failed.")]
    private static partial void LogFailure(ILogger logger, Exception exception);
}
