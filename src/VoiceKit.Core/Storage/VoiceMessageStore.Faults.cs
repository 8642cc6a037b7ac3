using VoiceKit.Diagnostics;

namespace VoiceKit.Storage;

public sealed partial class VoiceMessageStore
{
    /// <summary>
    /// Raised when a call has failed, before its caller gets the exception: an <see cref="IOException"/>, an
    /// <see cref="UnauthorizedAccessException"/> or a <see cref="VoiceKitException"/>; for a log. It is also raised when changes
    /// cannot be watched any more. Not raised for a cancellation, nor for a wrong argument. It is raised on the thread that does
    /// the work.
    /// </summary>
    public event EventHandler<Exception>? Failed;

    private Task<T> Run<T>(Func<T> work, CancellationToken cancellationToken) => Task.Run(() => Watch(work), cancellationToken);

    private Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            try
            {
                return await work().ConfigureAwait(false);
            }
            catch (Exception exception) when (IsFailure(exception))
            {
                AppHandlers.Raise(Failed, this, exception);
                throw;
            }
        },
        cancellationToken);

    // Waiting for the disk takes a thread. The pool has few and adds them slowly, so that only a few changes could wait at once,
    // and the disk would flush for each of them alone.
    private async Task<T> RunChangeAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (_options.Durability != VoiceStoreDurability.PowerLoss)
            return await Run(work, cancellationToken).ConfigureAwait(false);
        await _changes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await DiskThreads.Shared.RunAsync(() => Watch(work), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _changes.Release();
        }
    }

    private T Watch<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            AppHandlers.Raise(Failed, this, exception);
            throw;
        }
    }

    private static bool IsFailure(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or VoiceKitException;

    private static bool IsGone(Exception exception) => exception is FileNotFoundException or DirectoryNotFoundException;
}
