using VoiceKit.WebChat.Limits;

namespace VoiceKit.WebChat.Http;

/// <summary>
/// What is left of a body when its request was refused. A sender gets the answer as a rule only when the rest is taken from him:
/// this counts as what he sends, and when he has sent too much of late, or sends too slowly, the connection ends.
/// </summary>
internal static class UnreadBodies
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // The system drops an answer that was not read when a connection ends with something unread at the other side.
    private static readonly TimeSpan TimeToReadTheAnswer = TimeSpan.FromSeconds(1);

    /// <summary>Takes what is left of bodies, behind the answer.</summary>
    public static IApplicationBuilder UseUnreadBodies(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context);
        if (context.Response.StatusCode < 400)
            return;
        await context.Response.CompleteAsync();
        if (!await TryDrainAsync(context))
            await EndAsync(context);
    });

    private static async Task<bool> TryDrainAsync(HttpContext context)
    {
        var disk = context.RequestServices.GetRequiredService<DiskSpace>();
        var address = RateLimits.AddressOf(context);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        end.CancelAfter(Patience);
        var body = context.Request.BodyReader;
        try
        {
            for (var isCompleted = false; !isCompleted;)
            {
                var read = await body.ReadAsync(end.Token);
                isCompleted = read.IsCompleted;
                var count = read.Buffer.Length;
                body.AdvanceTo(read.Buffer.End);
                if (!disk.TryCount(address, count))
                    return false;
            }

            return true;
        }
        catch (Exception exception) when (exception is OperationCanceledException or InvalidOperationException)
        {
            return false; // It is too slow. Where reading was broken off before, the server does not read on.
        }
        catch (IOException)
        {
            return true; // It is larger than the route takes, or its sender is gone: the server ends the connection.
        }
    }

    private static async Task EndAsync(HttpContext context)
    {
        await Task.Delay(TimeToReadTheAnswer, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Abort();
    }
}
