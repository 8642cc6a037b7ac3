using System.Reflection;
using System.Runtime.InteropServices;

namespace VoiceKit.PulseAudio.Interop;

/// <summary>Finds the native library.</summary>
internal static class PulseLibrary
{
    /// <summary>The name in the P/Invoke declarations; resolved here to what the platform calls it.</summary>
    public const string Name = "pulse";

    private static readonly string[] CandidateNames = ["libpulse.so.0", "libpulse.so", "libpulse.0.dylib"];

    private static readonly Lazy<nint> Handle = new(Load);

    /// <exception cref="AudioDeviceException">The library is not on this machine.</exception>
    public static void EnsureLoaded()
    {
        if (Handle.Value == 0)
            throw NotFound();
    }

    internal static AudioDeviceException NotFound() => new(
        $"libpulse was not found (tried {string.Join(", ", CandidateNames)}). Install it with 'apt-get install libpulse0' "
        + "(Debian, Ubuntu), 'dnf install pulseaudio-libs' (Fedora) or 'apk add libpulse' (Alpine).",
        fault: AudioDeviceFault.ServiceUnavailable);

    private static nint Load()
    {
        nint handle = 0;
        foreach (var name in CandidateNames)
        {
            if (NativeLibrary.TryLoad(name, typeof(PulseLibrary).Assembly, null, out handle))
                break;
        }

        NativeLibrary.SetDllImportResolver(typeof(PulseLibrary).Assembly, Resolve);
        return handle;
    }

    private static nint Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath) =>
        libraryName == Name ? Handle.Value : 0;
}
