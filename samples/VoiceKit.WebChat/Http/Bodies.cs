namespace VoiceKit.WebChat.Http;

/// <summary>Reads bodies of requests within limits.</summary>
internal static class Bodies
{
    /// <summary>Copies a body into a file.</summary>
    /// <param name="request">Has the body.</param>
    /// <param name="file">Takes it.</param>
    /// <param name="reserve">Is told of bytes before they are written, and throws when there is no space for them.</param>
    /// <param name="maxSize">How large it is at most.</param>
    /// <param name="time">How long it may take.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ChatException">It is larger than that, takes longer than the time, or there is no space.</exception>
    public static async Task CopyAsync(
        HttpRequest request,
        Stream file,
        Action<long> reserve,
        long maxSize,
        TimeSpan time,
        CancellationToken cancellationToken)
    {
        CheckLength(request, maxSize);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(time);
        try
        {
            await CopyAsync(request, file, reserve, maxSize, end.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ChatException(408, "The upload is too slow", $"It took longer than {time.TotalSeconds:0} s.");
        }
    }

    private static async Task CopyAsync(
        HttpRequest request, Stream file, Action<long> reserve, long maxSize, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        long size = 0;
        for (int count; (count = await request.Body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            size += count;
            if (size > maxSize)
                throw TooLarge(maxSize);
            reserve(count);
            await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }

        await file.FlushAsync(cancellationToken);
    }

    /// <summary>Reads a small body into memory.</summary>
    /// <exception cref="ChatException">It is larger than that, or takes longer than the time.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(
        HttpRequest request, int maxSize, TimeSpan time, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await CopyAsync(request, bytes, static _ => { }, maxSize, time, cancellationToken);
        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    private static void CheckLength(HttpRequest request, long maxSize)
    {
        if (request.ContentLength > maxSize)
            throw TooLarge(maxSize);
    }

    private static ChatException TooLarge(long maxSize) =>
        new(413, "The upload is too large", $"It has more than {maxSize} bytes.");
}
