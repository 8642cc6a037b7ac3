using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VoiceKit.Audio;

namespace VoiceKit.PulseAudio.Interop;

/// <summary>A question to the server, and where its answer goes.</summary>
internal abstract class PulseRequest<T>
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Answer => _answer.Task;

    /// <summary>Sends the question. The lock is held.</summary>
    /// <returns>The pa_operation*, or 0 when it cannot be sent.</returns>
    public abstract nint Send(nint context, nint data);

    protected void Succeed(T answer) => _answer.TrySetResult(answer);

    protected void Fail(nint context) =>
        _answer.TrySetException(PulseFault.Create(NativeMethods.ContextErrno(context), "The sound server refuses"));
}

/// <summary>Which devices are the server's defaults: names, or null.</summary>
internal sealed record PulseDefaults(string? Sink, string? Source);

/// <summary>Asks for <see cref="PulseDefaults"/>.</summary>
internal sealed class PulseDefaultsRequest : PulseRequest<PulseDefaults>
{
    public override unsafe nint Send(nint context, nint data) => NativeMethods.ContextGetServerInfo(context, &OnInfo, data);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe void OnInfo(nint context, PulseServerInfo* info, nint data)
    {
        var self = Unsafe.As<PulseDefaultsRequest>(GCHandle.FromIntPtr(data).Target!);
        if (info is null)
            self.Fail(context);
        else
            self.Succeed(new(Marshal.PtrToStringUTF8(info->DefaultSinkName), Marshal.PtrToStringUTF8(info->DefaultSourceName)));
    }
}

/// <summary>A sink or a source.</summary>
/// <param name="Name">The server's name of it.</param>
/// <param name="Description">What a person calls it.</param>
/// <param name="SampleSpec">Its own format.</param>
/// <param name="ChannelMap">The places of its channels.</param>
/// <param name="IsMuted">Whether it is muted.</param>
/// <param name="Monitor">
/// A sink's monitor, or the sink that a source is the monitor of; null for a source that hears the world.
/// </param>
internal sealed record PulseDevice(
    string Name, string Description, PulseSampleSpec SampleSpec, PulseChannelMap ChannelMap, bool IsMuted, string? Monitor)
{
    private const int MaxRate = AudioFormat.MaxSampleRate;

    public AudioFormat? Format => SampleSpec.Rate is >= 1 and <= MaxRate && SampleSpec.Channels >= 1
        ? new AudioFormat((int)SampleSpec.Rate, SampleSpec.Channels)
        : null;
}

/// <summary>Asks for all sinks, or all sources.</summary>
internal sealed class PulseDevicesRequest(bool sinks) : PulseRequest<List<PulseDevice>>
{
    private readonly List<PulseDevice> _devices = [];

    public override unsafe nint Send(nint context, nint data) => sinks
        ? NativeMethods.ContextGetSinkInfoList(context, &OnInfo, data)
        : NativeMethods.ContextGetSourceInfoList(context, &OnInfo, data);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe void OnInfo(nint context, PulseDeviceInfo* info, int end, nint data)
    {
        var self = Unsafe.As<PulseDevicesRequest>(GCHandle.FromIntPtr(data).Target!);
        if (end < 0)
            self.Fail(context);
        else if (end > 0)
            self.Succeed(self._devices);
        else if (Marshal.PtrToStringUTF8(info->Name) is { } name)
            self._devices.Add(Copy(name, info));
    }

    private static unsafe PulseDevice Copy(string name, PulseDeviceInfo* info) => new(
        name,
        Marshal.PtrToStringUTF8(info->Description) ?? name,
        info->SampleSpec,
        info->ChannelMap,
        info->Mute != 0,
        Marshal.PtrToStringUTF8(info->MonitorName));
}

/// <summary>Asks to hear of changes to devices.</summary>
internal sealed class PulseSubscribeRequest : PulseRequest<bool>
{
    private const PulseSubscription Devices = PulseSubscription.Sinks | PulseSubscription.Sources | PulseSubscription.Server;

    public override unsafe nint Send(nint context, nint data) => NativeMethods.ContextSubscribe(context, Devices, &OnDone, data);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnDone(nint context, int success, nint data)
    {
        var self = Unsafe.As<PulseSubscribeRequest>(GCHandle.FromIntPtr(data).Target!);
        if (success == 0)
            self.Fail(context);
        else
            self.Succeed(true);
    }
}
