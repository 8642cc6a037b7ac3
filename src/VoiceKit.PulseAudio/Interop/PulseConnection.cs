using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VoiceKit.PulseAudio.Interop;

/// <summary>A connection to the sound server, with a thread of its own that its callbacks run on.</summary>
internal sealed class PulseConnection : IDisposable
{
    // A server that lives answers within milliseconds, a remote or starved one within a second.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);
    private const ulong TickMicroseconds = 250_000;
    private const ulong Never = ulong.MaxValue; // PA_USEC_INVALID

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<PulseError> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly GCHandle _self;
    private readonly nint _loop;
    private nint _timer;
    private PulseStream? _stream;
    private int _disposed;

    private PulseConnection(string applicationName)
    {
        PulseLibrary.EnsureLoaded();
        _self = GCHandle.Alloc(this);
        _loop = NativeMethods.MainloopNew();
        Context = NativeMethods.ContextNew(NativeMethods.MainloopGetApi(_loop), applicationName);
    }

    /// <summary>The pa_context*.</summary>
    public nint Context { get; }

    /// <summary>Whether the server has gone, or was never there.</summary>
    public bool IsBroken => _broken.Task.IsCompleted;

    /// <summary>Called on the connection's thread when a device, or the server's choice of one, has changed.</summary>
    public Action? DevicesChanged { get; init; }

    /// <summary>Called on the connection's thread when the server has gone.</summary>
    public Action? Broken { get; init; }

    /// <exception cref="AudioDeviceException">There is no server, or it does not let us in.</exception>
    public static async Task<PulseConnection> OpenAsync(
        PulseAudioOptions options, CancellationToken cancellationToken, Action? devicesChanged = null, Action? broken = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var connection = new PulseConnection(options.ApplicationName) { DevicesChanged = devicesChanged, Broken = broken };
        try
        {
            connection.Start(options.Server);
            await connection.WaitAsync(connection._ready.Task, cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Keeps the connection's thread out of its callbacks while the caller speaks to the server.</summary>
    public LockScope Lock() => new(_loop);

    /// <summary>Waits for an answer, for as long as there is a server to give it.</summary>
    /// <exception cref="AudioDeviceException">The server has gone, or does not answer.</exception>
    public async Task WaitAsync(Task answer, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAny(answer, _broken.Task).WaitAsync(AnswerTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw PulseFault.NotAnswering();
        }

        if (!answer.IsCompleted)
            throw PulseFault.Create(await _broken.Task.ConfigureAwait(false), "The sound server cannot be reached");
        await answer.ConfigureAwait(false);
    }

    /// <summary>Asks the server something and waits for the answer.</summary>
    /// <exception cref="AudioDeviceException">The server has gone, does not answer, or refuses.</exception>
    public async Task<T> AskAsync<T>(PulseRequest<T> request, CancellationToken cancellationToken)
    {
        var self = GCHandle.Alloc(request);
        nint operation = 0;
        try
        {
            using (Lock())
            {
                operation = request.Send(Context, GCHandle.ToIntPtr(self));
                if (operation == 0)
                    throw CurrentError("The sound server cannot be asked");
            }

            await WaitAsync(request.Answer, cancellationToken).ConfigureAwait(false);
            return await request.Answer.ConfigureAwait(false);
        }
        finally
        {
            if (operation != 0)
                Forget(operation);
            self.Free();
        }
    }

    /// <summary>What the server said last. The lock is held.</summary>
    public AudioDeviceException CurrentError(string what, string? deviceId = null)
    {
        // What is asked of a broken connection fails with "bad state", which says less than why it broke.
        var error = IsBroken ? _broken.Task.Result : NativeMethods.ContextErrno(Context);
        return PulseFault.Create(error, what, deviceId);
    }

    /// <summary>Has a stream hear the ticks of the clock, or none. The lock is held.</summary>
    public void Tick(PulseStream? stream)
    {
        _stream = stream;
        NativeMethods.ContextTimerRestart(Context, _timer, stream is null ? Never : NativeMethods.ClockNow() + TickMicroseconds);
    }

    /// <summary>Ends the thread, and with it all that the connection has. Not to be called in a callback.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        NativeMethods.MainloopStop(_loop);
        NativeMethods.ContextDisconnect(Context);
        NativeMethods.ContextUnref(Context);
        NativeMethods.MainloopFree(_loop);
        _self.Free();
    }

    private unsafe void Start(string? server)
    {
        var data = GCHandle.ToIntPtr(_self);
        NativeMethods.ContextSetStateCallback(Context, &OnState, data);
        if (DevicesChanged is not null)
            NativeMethods.ContextSetSubscribeCallback(Context, &OnSubscribed, data);
        _timer = NativeMethods.ContextTimerNew(Context, NativeMethods.ClockNow() + TickMicroseconds, &OnTick, data);
        if (NativeMethods.ContextConnect(Context, server, 0, 0) < 0)
            throw CurrentError("The sound server cannot be reached");
        if (NativeMethods.MainloopStart(_loop) < 0)
            throw new AudioDeviceException("The sound server's thread cannot be started.");
    }

    private void Forget(nint operation)
    {
        using var held = Lock();
        NativeMethods.OperationCancel(operation);
        NativeMethods.OperationUnref(operation);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnState(nint context, nint data)
    {
        var self = From(data);
        switch (NativeMethods.ContextGetState(context))
        {
            case PulseContextState.Ready:
                self._ready.TrySetResult();
                break;
            case PulseContextState.Failed or PulseContextState.Terminated:
                if (self._broken.TrySetResult(NativeMethods.ContextErrno(context)) && self._disposed == 0)
                    self.Broken?.Invoke();
                break;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnSubscribed(nint context, int happening, uint index, nint data) => From(data).DevicesChanged?.Invoke();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnTick(nint api, nint timer, nint time, nint data)
    {
        var self = From(data);
        if (self._stream is not { } stream)
            return;
        NativeMethods.ContextTimerRestart(self.Context, timer, NativeMethods.ClockNow() + TickMicroseconds);
        stream.OnTick();
    }

    private static PulseConnection From(nint data) => Unsafe.As<PulseConnection>(GCHandle.FromIntPtr(data).Target!);

    /// <summary>Holds the lock of a connection's thread.</summary>
    internal readonly ref struct LockScope
    {
        private readonly nint _loop;

        public LockScope(nint loop)
        {
            _loop = loop;
            NativeMethods.MainloopLock(loop);
        }

        public void Dispose() => NativeMethods.MainloopUnlock(_loop);
    }
}
