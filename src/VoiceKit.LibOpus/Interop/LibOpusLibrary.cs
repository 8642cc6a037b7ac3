using System.Reflection;
using System.Runtime.InteropServices;
using VoiceKit.Opus;

namespace VoiceKit.LibOpus.Interop;

/// <summary>Finds the native library: the app's own copy, a package's, then the system's.</summary>
internal static class LibOpusLibrary
{
    /// <summary>The name in the P/Invoke declarations; resolved here to what the platform calls it.</summary>
    public const string Name = "opus";

    private static readonly Lazy<nint> Handle = new(Load);

    public static string InstallHint =>
        OperatingSystem.IsWindows() ? "Put opus.dll beside the app."
        : OperatingSystem.IsMacOS() ? "Install it with 'brew install opus', or put libopus.0.dylib beside the app."
        : "Install it with 'apt-get install libopus0' (Debian, Ubuntu), 'dnf install opus' (Fedora) or 'apk add opus' (Alpine).";

    /// <exception cref="OpusCodecException">The library is not on this machine.</exception>
    public static void EnsureLoaded()
    {
        if (Handle.Value == 0)
            throw NotFound(CandidateNames());
    }

    internal static OpusCodecException NotFound(IEnumerable<string> names) =>
        new($"libopus was not found (tried {string.Join(", ", names)}). {InstallHint}", "libopus");

    internal static nint TryLoad(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, typeof(LibOpusLibrary).Assembly, null, out var handle))
                return handle;
        }

        return 0;
    }

    internal static string[] CandidateNames() =>
        OperatingSystem.IsWindows() ? ["opus.dll", "libopus-0.dll", "libopus.dll"]
        : OperatingSystem.IsMacOS()
            ? ["libopus.0.dylib", "libopus.dylib", "/opt/homebrew/lib/libopus.0.dylib", "/usr/local/lib/libopus.0.dylib"]
        : ["libopus.so.0", "libopus.so"];

    private static nint Load()
    {
        var handle = TryLoad(CandidateNames());
        NativeLibrary.SetDllImportResolver(typeof(LibOpusLibrary).Assembly, Resolve);
        return handle;
    }

    private static nint Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath) =>
        libraryName == Name ? Handle.Value : 0;
}
