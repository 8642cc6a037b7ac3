using System.Runtime.InteropServices;

namespace VoiceKit.PulseAudio.Interop;

/// <summary>Finds the native library.</summary>
internal static class PulseLibrary
{
    /// <summary>The name in the P/Invoke declarations; resolved here to what the platform calls it.</summary>
    public const string Name = "pulse";

    private static readonly string[] CandidateNames = ["libpulse.so.0", "libpulse.so", "libpulse.0.dylib"];

    // Loaded to see that it can be, and kept.
    private static readonly Lazy<string?> Found = new(Find);

    /// <exception cref="AudioDeviceException">The library is not on this machine.</exception>
    public static void EnsureLoaded()
    {
        if (Found.Value is null)
            throw NotFound();
    }

    internal static AudioDeviceException NotFound() => new(
        $"libpulse was not found (tried {string.Join(", ", CandidateNames)}). Install it with 'apt-get install libpulse0' "
        + "(Debian, Ubuntu), 'dnf install pulseaudio-libs' (Fedora) or 'apk add libpulse' (Alpine).",
        fault: AudioDeviceFault.ServiceUnavailable);

    /// <summary>The library for a P/Invoke declaration.</summary>
    /// <returns>
    /// A handle that counts for itself, since a thread frees its one when another was given one at the same time (native AOT).
    /// </returns>
    internal static nint Resolve(string name) => name == Name && Found.Value is { } found ? TryLoad(found) : 0;

    private static string? Find()
    {
        var found = CandidateNames.FirstOrDefault(name => TryLoad(name) != 0);
        NativeLibrary.SetDllImportResolver(typeof(PulseLibrary).Assembly, (name, _, _) => Resolve(name));
        return found;
    }

    private static nint TryLoad(string name) =>
        NativeLibrary.TryLoad(name, typeof(PulseLibrary).Assembly, null, out var handle) ? handle : 0;
}
