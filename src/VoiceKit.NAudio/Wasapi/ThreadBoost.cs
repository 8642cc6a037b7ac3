using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VoiceKit.NAudio.Wasapi;

/// <summary>
/// Lets Windows run this thread in time for sound (MMCSS, “Audio”), until it is disposed. It does without where it may not.
/// </summary>
[SupportedOSPlatform("windows")]
internal readonly partial struct ThreadBoost : IDisposable
{
    private readonly nint _handle;

    private ThreadBoost(nint handle) => _handle = handle;

    public static ThreadBoost Begin()
    {
        var index = 0u;
        return new ThreadBoost(SetCharacteristics("Audio", ref index));
    }

    public void Dispose()
    {
        if (_handle != 0)
            _ = RevertCharacteristics(_handle);
    }

    [LibraryImport("avrt.dll", EntryPoint = "AvSetMmThreadCharacteristicsW", StringMarshalling = StringMarshalling.Utf16)]
    private static partial nint SetCharacteristics(string task, ref uint index);

    [LibraryImport("avrt.dll", EntryPoint = "AvRevertMmThreadCharacteristics")]
    private static partial int RevertCharacteristics(nint handle);
}
