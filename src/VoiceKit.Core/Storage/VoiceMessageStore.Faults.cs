namespace VoiceKit.Storage;

public sealed partial class VoiceMessageStore
{
    /// <summary>
    /// Hears why a call failed, before its caller gets the exception: an <see cref="IOException"/>, an
    /// <see cref="UnauthorizedAccessException"/> or a <see cref="VoiceKitException"/>; for a log. Not raised for a cancellation, nor for
    /// a wrong argument. It is raised on the thread that does the work.
    /// </summary>
    public event EventHandler<Exception>? Failed;

    private Task<T> Run<T>(Func<T> work, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            try
            {
                return work();
            }
            catch (Exception exception) when (IsFailure(exception))
            {
                Failed?.Invoke(this, exception);
                throw;
            }
        },
        cancellationToken);

    private async Task WatchAsync(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            Failed?.Invoke(this, exception);
            throw;
        }
    }

    private static bool IsFailure(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or VoiceKitException;
}
