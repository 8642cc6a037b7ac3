using System.Runtime.InteropServices;

namespace VoiceKit.PulseAudio.Interop;

/// <summary>The functions of libpulse that are used here.</summary>
/// <remarks>
/// All but those of a mainloop that is not running need its lock, which the callbacks, on its thread, hold already. Callbacks are
/// pointers to functions of the platform's C calling convention; the last argument of each is the user data.
/// </remarks>
internal static unsafe partial class NativeMethods
{
    private const string Library = PulseLibrary.Name;

    [LibraryImport(Library, EntryPoint = "pa_threaded_mainloop_new")]
    public static partial nint MainloopNew();

    [LibraryImport(Library, EntryPoint = "pa_threaded_mainloop_free")]
    public static partial void MainloopFree(nint loop);

    [LibraryImport(Library, EntryPoint = "pa_threaded_mainloop_start")]
    public static partial int MainloopStart(nint loop);

    [LibraryImport(Library, EntryPoint = "pa_threaded_mainloop_stop")]
    public static partial void MainloopStop(nint loop);

    [LibraryImport(Library, EntryPoint = "pa_threaded_mainloop_lock")]
    public static partial void MainloopLock(nint loop);

    [LibraryImport(Library, EntryPoint = "pa_threaded_mainloop_unlock")]
    public static partial void MainloopUnlock(nint loop);

    [LibraryImport(Library, EntryPoint = "pa_threaded_mainloop_get_api")]
    public static partial nint MainloopGetApi(nint loop);

    [LibraryImport(Library, EntryPoint = "pa_context_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ContextNew(nint mainloopApi, string name);

    [LibraryImport(Library, EntryPoint = "pa_context_unref")]
    public static partial void ContextUnref(nint context);

    [LibraryImport(Library, EntryPoint = "pa_context_connect", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ContextConnect(nint context, string? server, int flags, nint spawnApi);

    [LibraryImport(Library, EntryPoint = "pa_context_disconnect")]
    public static partial void ContextDisconnect(nint context);

    [LibraryImport(Library, EntryPoint = "pa_context_get_state")]
    public static partial PulseContextState ContextGetState(nint context);

    [LibraryImport(Library, EntryPoint = "pa_context_errno")]
    public static partial PulseError ContextErrno(nint context);

    [LibraryImport(Library, EntryPoint = "pa_context_set_state_callback")]
    public static partial void ContextSetStateCallback(
        nint context, delegate* unmanaged[Cdecl]<nint, nint, void> callback, nint data);

    [LibraryImport(Library, EntryPoint = "pa_context_get_server_info")]
    public static partial nint ContextGetServerInfo(
        nint context, delegate* unmanaged[Cdecl]<nint, PulseServerInfo*, nint, void> callback, nint data);

    [LibraryImport(Library, EntryPoint = "pa_context_get_sink_info_list")]
    public static partial nint ContextGetSinkInfoList(
        nint context, delegate* unmanaged[Cdecl]<nint, PulseDeviceInfo*, int, nint, void> callback, nint data);

    [LibraryImport(Library, EntryPoint = "pa_context_get_source_info_list")]
    public static partial nint ContextGetSourceInfoList(
        nint context, delegate* unmanaged[Cdecl]<nint, PulseDeviceInfo*, int, nint, void> callback, nint data);

    [LibraryImport(Library, EntryPoint = "pa_context_set_subscribe_callback")]
    public static partial void ContextSetSubscribeCallback(
        nint context, delegate* unmanaged[Cdecl]<nint, int, uint, nint, void> callback, nint data);

    [LibraryImport(Library, EntryPoint = "pa_context_subscribe")]
    public static partial nint ContextSubscribe(
        nint context, PulseSubscription mask, delegate* unmanaged[Cdecl]<nint, int, nint, void> callback, nint data);

    [LibraryImport(Library, EntryPoint = "pa_context_rttime_new")]
    public static partial nint ContextTimerNew(
        nint context, ulong microseconds, delegate* unmanaged[Cdecl]<nint, nint, nint, nint, void> callback, nint data);

    [LibraryImport(Library, EntryPoint = "pa_context_rttime_restart")]
    public static partial void ContextTimerRestart(nint context, nint timer, ulong microseconds);

    [LibraryImport(Library, EntryPoint = "pa_rtclock_now")]
    public static partial ulong ClockNow();

    [LibraryImport(Library, EntryPoint = "pa_strerror")]
    public static partial byte* StrError(PulseError error);

    [LibraryImport(Library, EntryPoint = "pa_operation_cancel")]
    public static partial void OperationCancel(nint operation);

    [LibraryImport(Library, EntryPoint = "pa_operation_unref")]
    public static partial void OperationUnref(nint operation);

    [LibraryImport(Library, EntryPoint = "pa_proplist_new")]
    public static partial nint PropertiesNew();

    [LibraryImport(Library, EntryPoint = "pa_proplist_free")]
    public static partial void PropertiesFree(nint properties);

    [LibraryImport(Library, EntryPoint = "pa_proplist_sets", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int PropertiesSet(nint properties, string key, string value);

    [LibraryImport(Library, EntryPoint = "pa_stream_new_with_proplist", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint StreamNew(
        nint context, string name, PulseSampleSpec* spec, PulseChannelMap* channelMap, nint properties);

    [LibraryImport(Library, EntryPoint = "pa_stream_unref")]
    public static partial void StreamUnref(nint stream);

    [LibraryImport(Library, EntryPoint = "pa_stream_connect_record", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int StreamConnectRecord(
        nint stream, string? device, PulseBufferAttributes* attributes, PulseStreamFlags flags);

    [LibraryImport(Library, EntryPoint = "pa_stream_connect_playback", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int StreamConnectPlayback(
        nint stream, string? device, PulseBufferAttributes* attributes, PulseStreamFlags flags, nint volume, nint syncStream);

    [LibraryImport(Library, EntryPoint = "pa_stream_disconnect")]
    public static partial int StreamDisconnect(nint stream);

    [LibraryImport(Library, EntryPoint = "pa_stream_get_state")]
    public static partial PulseStreamState StreamGetState(nint stream);

    [LibraryImport(Library, EntryPoint = "pa_stream_set_state_callback")]
    public static partial void StreamSetStateCallback(
        nint stream, delegate* unmanaged[Cdecl]<nint, nint, void> callback, nint data);

    [LibraryImport(Library, EntryPoint = "pa_stream_set_moved_callback")]
    public static partial void StreamSetMovedCallback(
        nint stream, delegate* unmanaged[Cdecl]<nint, nint, void> callback, nint data);

    [LibraryImport(Library, EntryPoint = "pa_stream_get_device_name")]
    public static partial byte* StreamGetDeviceName(nint stream);

    [LibraryImport(Library, EntryPoint = "pa_stream_set_read_callback")]
    public static partial void StreamSetReadCallback(
        nint stream, delegate* unmanaged[Cdecl]<nint, nuint, nint, void> callback, nint data);

    [LibraryImport(Library, EntryPoint = "pa_stream_set_write_callback")]
    public static partial void StreamSetWriteCallback(
        nint stream, delegate* unmanaged[Cdecl]<nint, nuint, nint, void> callback, nint data);

    [LibraryImport(Library, EntryPoint = "pa_stream_peek")]
    public static partial int StreamPeek(nint stream, void** data, nuint* bytes);

    [LibraryImport(Library, EntryPoint = "pa_stream_drop")]
    public static partial int StreamDrop(nint stream);

    [LibraryImport(Library, EntryPoint = "pa_stream_write")]
    public static partial int StreamWrite(nint stream, void* data, nuint bytes, nint free, long offset, int seekMode);

    [LibraryImport(Library, EntryPoint = "pa_stream_drain")]
    public static partial nint StreamDrain(nint stream, delegate* unmanaged[Cdecl]<nint, int, nint, void> callback, nint data);

    [LibraryImport(Library, EntryPoint = "pa_stream_cork")]
    public static partial nint StreamCork(
        nint stream, int cork, delegate* unmanaged[Cdecl]<nint, int, nint, void> callback, nint data);

    [LibraryImport(Library, EntryPoint = "pa_stream_get_latency")]
    public static partial int StreamGetLatency(nint stream, ulong* microseconds, int* isNegative);

    [LibraryImport(Library, EntryPoint = "pa_stream_is_suspended")]
    public static partial int StreamIsSuspended(nint stream);
}
