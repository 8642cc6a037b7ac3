using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VoiceKit.PulseAudio.Interop;

/// <summary>
/// A stream from its start to its stop. Once it is over it calls the app no more, and what the server says is not listened to.
/// </summary>
internal abstract class PulseStream
{
    // In ticks of a quarter of a second. Ticks are counted, not time: a process that was itself stopped misses none.
    private const int PatienceTicks = 6;
    private const int SuspendedTicks = 3;
    private const int FirstSoundTicks = 16;

    [ThreadStatic]
    private static PulseStream? t_calling;

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GCHandle _self;
    private int _silentTicks;
    private bool _heardOf;
    private volatile bool _isOver;

    protected PulseStream(PulseConnection connection, PulseTarget target, PulseAudioOptions options)
    {
        Connection = connection;
        Target = target;
        Options = options;
        WireFrameBytes = target.Wire.Channels * sizeof(float);
    }

    /// <summary>Called once, on the connection's thread, when the stream is over by itself.</summary>
    public Action<PulseStream>? Over { get; init; }

    /// <summary>Completes when the server has taken the stream, or fails when it does not.</summary>
    public Task Ready => _ready.Task;

    public bool IsOver => _isOver;

    /// <summary>Whether the stream is over by itself.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Whether this is the app's code, called by this stream.</summary>
    public bool IsCalling => ReferenceEquals(t_calling, this);

    protected PulseConnection Connection { get; }

    protected PulseTarget Target { get; }

    protected PulseAudioOptions Options { get; }

    protected int WireFrameBytes { get; }

    /// <summary>The pa_stream*.</summary>
    protected nint Handle { get; private set; }

    /// <summary>Whether the server has nothing to do for the stream now.</summary>
    protected virtual bool MayBeSilent => false;

    /// <summary>Asks the server for the stream.</summary>
    public unsafe void Connect()
    {
        using var held = Connection.Lock();
        Handle = Create();
        _self = GCHandle.Alloc(this);
        var data = GCHandle.ToIntPtr(_self);
        NativeMethods.StreamSetStateCallback(Handle, &OnState, data);
        NativeMethods.StreamSetMovedCallback(Handle, &OnMoved, data);
        var flags = PulseStreamFlags.InterpolateTiming | PulseStreamFlags.AutoTimingUpdate | PulseStreamFlags.AdjustLatency
            | (Target.MayMove ? PulseStreamFlags.None : PulseStreamFlags.DoNotMove);
        if (Connect(flags, data) < 0)
            throw Connection.CurrentError("The device cannot be used", Target.DeviceId);
        Connection.Tick(this);
    }

    /// <summary>Lets what is under way come to its end, before <see cref="End"/>.</summary>
    public virtual ValueTask FinishAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Calls the app no more, from its own call.</summary>
    public void Abandon() => _isOver = true;

    /// <summary>Takes the stream from the server. The app is not being called, and will not be, when this returns.</summary>
    public unsafe void End()
    {
        using var held = Connection.Lock();
        _isOver = true;
        if (Handle == 0)
            return;
        Connection.Tick(null);
        Release();
        NativeMethods.StreamSetStateCallback(Handle, null, 0);
        NativeMethods.StreamSetMovedCallback(Handle, null, 0);
        NativeMethods.StreamSetReadCallback(Handle, null, 0);
        NativeMethods.StreamSetWriteCallback(Handle, null, 0);
        _ = NativeMethods.StreamDisconnect(Handle);
        NativeMethods.StreamUnref(Handle);
        Handle = 0;
        _self.Free();
    }

    /// <summary>Hears that a quarter of a second has passed, on the connection's thread.</summary>
    public void OnTick()
    {
        if (_isOver || MayBeSilent || !_ready.Task.IsCompleted)
            return;
        _silentTicks++;
        if (_silentTicks >= SuspendedTicks && NativeMethods.StreamIsSuspended(Handle) == 1)
            Fail(new AudioDeviceException("The device is suspended.", Target.DeviceId, AudioDeviceFault.Suspended));
        else if (_silentTicks >= (_heardOf ? PatienceTicks : FirstSoundTicks))
            Fail(new AudioDeviceException("The device does not answer.", Target.DeviceId, AudioDeviceFault.NotResponding));
    }

    /// <summary>Connects the stream that was created, with its callbacks.</summary>
    protected abstract int Connect(PulseStreamFlags flags, nint data);

    /// <summary>The server's name of the device that the stream is connected to; null when it does not say.</summary>
    protected unsafe string? DeviceName => Marshal.PtrToStringUTF8((nint)NativeMethods.StreamGetDeviceName(Handle));

    /// <summary>Tells the app that the server has moved the stream to another device.</summary>
    /// <param name="deviceName">The server's name of the device.</param>
    protected virtual void TellMove(string? deviceName)
    {
    }

    /// <summary>Tells the app that the stream is over. What it throws is caught.</summary>
    protected abstract void TellFault(AudioDeviceException reason);

    /// <summary>Gives back what only this kind of stream has. The lock is held.</summary>
    protected virtual void Release()
    {
    }

    /// <summary>Notes that the server has something to do with the stream.</summary>
    protected void NoteSound()
    {
        _silentTicks = 0;
        _heardOf = true;
    }

    /// <summary>Lets a time pass before the server must do something again.</summary>
    protected void BePatient(TimeSpan time) => _silentTicks = -(int)Math.Ceiling(time / TimeSpan.FromMilliseconds(250));

    /// <summary>Marks the app's code, from here to <see cref="LeaveApp"/>, as called by this stream.</summary>
    protected void EnterApp() => t_calling = this;

    protected static void LeaveApp() => t_calling = null;

    /// <summary>Ends the stream because the app's code threw.</summary>
    protected void FailByApp(Exception exception) =>
        Fail(new AudioDeviceException(
            "The app's own code failed on the device's thread.", Target.DeviceId, innerException: exception));

    protected void Fail(AudioDeviceException reason)
    {
        if (_isOver)
            return;
        _isOver = true;
        HasFailed = true;
        if (!_ready.TrySetException(reason))
            CallFault(reason);
        Over?.Invoke(this);
    }

    protected static PulseStream From(nint data) => Unsafe.As<PulseStream>(GCHandle.FromIntPtr(data).Target!);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnMoved(nint stream, nint data)
    {
        var self = From(data);
        self.CheckDevice();
        if (!self.IsOver)
            self.TellMove(self.DeviceName);
    }

    // A server may not move a stream that has been told not to be moved. One that does all the same, or connects it to another
    // device at once, has taken the device away.
    private void CheckDevice()
    {
        if (!Target.MayMove && DeviceName is { } name && name != Target.Connect)
            Fail(new AudioDeviceException(
                $"The sound server has moved the stream to '{name}'.", Target.DeviceId, AudioDeviceFault.Removed));
    }

    private void CallFault(AudioDeviceException reason)
    {
        EnterApp();
        try
        {
            TellFault(reason);
        }
        catch (Exception)
        {
            // There is nobody left to tell, and an exception in native code would end the process.
        }
        finally
        {
            LeaveApp();
        }
    }

    private unsafe nint Create()
    {
        var spec = new PulseSampleSpec
        {
            Format = PulseSampleSpec.NativeFloat,
            Rate = (uint)Target.Wire.SampleRate,
            Channels = (byte)Target.Wire.Channels,
        };
        var map = Target.ChannelMap.GetValueOrDefault();
        var properties = NativeMethods.PropertiesNew();
        if (Options.MediaRole is { } role)
            _ = NativeMethods.PropertiesSet(properties, "media.role", role);
        var stream = NativeMethods.StreamNew(
            Connection.Context, Options.ApplicationName, &spec, Target.ChannelMap is null ? null : &map, properties);
        NativeMethods.PropertiesFree(properties);
        return stream != 0 ? stream : throw Connection.CurrentError("The device cannot be used", Target.DeviceId);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnState(nint stream, nint data)
    {
        var self = From(data);
        switch (NativeMethods.StreamGetState(stream))
        {
            case PulseStreamState.Ready:
                self.CheckDevice();
                self._ready.TrySetResult();
                break;
            case PulseStreamState.Failed or PulseStreamState.Terminated:
                self.Fail(self.Connection.CurrentError("The device cannot be used any longer", self.Target.DeviceId));
                break;
        }
    }
}
