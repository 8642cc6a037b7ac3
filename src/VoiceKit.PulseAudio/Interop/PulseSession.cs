namespace VoiceKit.PulseAudio.Interop;

/// <summary>What an input and an output have in common: a connection, and a stream while started.</summary>
/// <remarks>
/// A fault takes the connection with it, since a server that did wrong once is not relied on; the next start makes another.
/// Native objects are released on threads of the pool only, never in a callback.
/// </remarks>
internal sealed class PulseSession(PulseAudioOptions options, PulseConnection connection) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private PulseConnection? _connection = connection;
    private volatile PulseStream? _stream;
    private volatile bool _isDisposed;

    /// <summary>The stream while started, and until it is cleaned up after it went over.</summary>
    public PulseStream? Stream => _stream;

    /// <summary>Makes a stream, over which it is told, and waits until the server has taken it.</summary>
    public async ValueTask StartAsync(
        object owner,
        Func<PulseConnection, Action<PulseStream>, CancellationToken, ValueTask<PulseStream>> make,
        CancellationToken cancellationToken)
    {
        if (_stream is { IsCalling: true })
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, owner);
            if (_stream is { IsOver: false })
                throw new InvalidOperationException("It is started already.");
            CleanUp();
            await StartCoreAsync(make, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    public ValueTask StopAsync(CancellationToken cancellationToken) => EndAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        return EndAsync(CancellationToken.None);
    }

    private async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (_stream is { IsCalling: true } calling)
        {
            calling.Abandon();
            CleanUpLater(calling);
            return;
        }

        // Whatever the token says, it is stopped.
        await _gate.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            await StopCoreAsync(cancellationToken).ConfigureAwait(false);
            if (_isDisposed)
                Disconnect();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async ValueTask StartCoreAsync(
        Func<PulseConnection, Action<PulseStream>, CancellationToken, ValueTask<PulseStream>> make,
        CancellationToken cancellationToken)
    {
        if (_connection is { IsBroken: true })
            Disconnect();
        try
        {
            _connection ??= await PulseConnection.OpenAsync(options, cancellationToken).ConfigureAwait(false);
            var stream = await make(_connection, CleanUpLater, cancellationToken).ConfigureAwait(false);
            _stream = stream;
            stream.Connect();
            await _connection.WaitAsync(stream.Ready, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _stream?.End();
            _stream = null;
            Disconnect();
            throw;
        }
    }

    private async ValueTask StopCoreAsync(CancellationToken cancellationToken)
    {
        if (_stream is not { } stream)
            return;
        await stream.FinishAsync(cancellationToken).ConfigureAwait(false);
        stream.End();
        CleanUp();
    }

    private void CleanUpLater(PulseStream stream) => _ = Task.Run(() => CleanUpAsync(stream));

    private async Task CleanUpAsync(PulseStream stream)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (ReferenceEquals(_stream, stream))
                CleanUp();
            if (_isDisposed)
                Disconnect();
        }
        finally
        {
            _gate.Release();
        }
    }

    private void CleanUp()
    {
        if (_stream is not { } stream)
            return;
        stream.End();
        _stream = null;
        if (stream.HasFailed)
            Disconnect();
    }

    private void Disconnect()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
