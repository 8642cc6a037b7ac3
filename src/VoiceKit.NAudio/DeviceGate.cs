namespace VoiceKit.NAudio;

/// <summary>What an input and an output have in common: a session while started, and the wait for the one before.</summary>
/// <param name="patience">How long a device is waited for.</param>
/// <param name="stop">Stops the device; it may block, and throw.</param>
internal sealed class DeviceGate<T>(TimeSpan patience, Func<T, Task> stop) : IAsyncDisposable
    where T : DeviceSession
{
    private readonly SemaphoreSlim _starts = new(1, 1);
    private readonly object _gate = new();
    private volatile T? _session;
    private volatile bool _isDisposed;

    /// <summary>The session while started, and after it is over until the next start.</summary>
    public T? Session => _session;

    /// <summary>Starts a session.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="make">Makes the session.</param>
    /// <param name="start">Starts the device, and completes when it works; it may throw.</param>
    /// <param name="name">What a person calls the device, or null.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask StartAsync(
        object owner, Func<T> make, Func<T, Task> start, string? name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await _starts.WaitAsync(cancellationToken).ConfigureAwait(true);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, owner);
            if (_session is { IsOver: false, Ending: null })
                throw new InvalidOperationException("It is started already.");
            if (_session is { } before)
            {
                // On the thread that the app starts on, since a device may want one of its own kind.
                await End(before).WaitAsync(cancellationToken).ConfigureAwait(true);
                if (!before.Stopped.IsCompleted)
                    throw NAudioFault.NotResponding("The device has not stopped since it was used last", name);
            }

            var session = make();
            _session = session;
            try
            {
                await start(session).WaitAsync(cancellationToken).ConfigureAwait(true);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                session.Abandon();
                await End(session).ConfigureAwait(false);
                throw;
            }
            catch (Exception exception)
            {
                session.Abandon();
                _session = null;
                throw exception as AudioDeviceException ?? NAudioFault.Create("The device cannot be used", name, exception);
            }
        }
        finally
        {
            _starts.Release();
        }
    }

    /// <summary>Stops; in a call to the app, without waiting.</summary>
    /// <param name="cancellationToken">Ends the waiting; the session is over all the same.</param>
    public ValueTask StopAsync(CancellationToken cancellationToken)
    {
        if (_session is not { } session)
            return ValueTask.CompletedTask;
        if (!session.IsCalling)
            return new ValueTask(WaitForEndAsync(session, cancellationToken));
        session.ExpectStop();
        session.Abandon();
        _ = End(session);
        return ValueTask.CompletedTask;
    }

    /// <summary>Stops a session once, on a thread of the pool, and waits for its device as long as patience lasts.</summary>
    public Task End(DeviceSession session)
    {
        lock (_gate)
            return session.Ending ??= Task.Run(() => EndCoreAsync((T)session));
    }

    /// <summary>Allows no more starts, and stops.</summary>
    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        return StopAsync(CancellationToken.None);
    }

    private async Task WaitForEndAsync(T session, CancellationToken cancellationToken)
    {
        try
        {
            await End(session).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            session.Abandon();
        }
    }

    private async Task EndCoreAsync(T session)
    {
        session.ExpectStop();
        try
        {
            await stop(session).WaitAsync(patience).ConfigureAwait(false);
            await session.Stopped.WaitAsync(patience).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // A device that cannot be stopped, or does not answer, is given up; the next start tells of it.
        }

        session.Abandon();
    }
}
