using System.Runtime.InteropServices;

namespace VoiceKit.LibOpus.Interop;

/// <summary>
/// Finds the native library: the app's own copy, that of the package VoiceKit.LibOpus.Native, then the system's.
/// </summary>
internal static class LibOpusLibrary
{
    /// <summary>The name in the P/Invoke declarations; resolved here to what the platform calls it.</summary>
    public const string Name = "opus";

    private static readonly Lazy<bool> IsLoaded = new(Load);

    // Loaded to see that it can be, and kept.
    private static readonly Lazy<string?> Found = new(() => TryLoad(Candidates(AppContext.BaseDirectory)).Name);

    public static string InstallHint =>
        OperatingSystem.IsWindows() ? "Install the package VoiceKit.LibOpus.Native, or put opus.dll beside the app."
        : OperatingSystem.IsMacOS() ? "Install it with 'brew install opus', or put libopus.0.dylib beside the app."
        : "Install the package VoiceKit.LibOpus.Native, or libopus with 'apt-get install libopus0' (Debian, Ubuntu), "
            + "'dnf install opus' (Fedora) or 'apk add opus' (Alpine).";

    private static string[] Names =>
        OperatingSystem.IsWindows() ? ["opus.dll", "libopus-0.dll", "libopus.dll"]
        : OperatingSystem.IsMacOS() ? ["libopus.0.dylib", "libopus.dylib"]
        : ["libopus.so.0", "libopus.so"];

    // Where Homebrew puts what it installs; the system's loader does not look there.
    private static string[] Elsewhere =>
        OperatingSystem.IsMacOS() ? ["/opt/homebrew/lib/libopus.0.dylib", "/usr/local/lib/libopus.0.dylib"] : [];

    /// <exception cref="OpusCodecException">The library is not on this machine.</exception>
    public static void EnsureLoaded()
    {
        if (!IsLoaded.Value)
            throw NotFound(Names);
    }

    internal static OpusCodecException NotFound(IEnumerable<string> names) =>
        new($"libopus was not found (tried {string.Join(", ", names)}). {InstallHint}", "libopus");

    /// <summary>
    /// The paths and names to try, in their order. A bare name is looked up in the packages, then in the system.
    /// </summary>
    /// <param name="appFolder">Where the app is.</param>
    internal static IEnumerable<string> Candidates(string appFolder)
    {
        var packaged = Path.Combine(appFolder, "runtimes", RuntimeIdentifier(), "native");
        return [
            .. Names.Select(name => Path.Combine(appFolder, name)),
            .. Names.Select(name => Path.Combine(packaged, name)),
            .. Names,
            .. Elsewhere,
        ];
    }

    /// <summary>Loads the first that can be.</summary>
    /// <returns>Its name and its handle; null and 0 where there is none.</returns>
    internal static (string? Name, nint Handle) TryLoad(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (TryLoad(name) is not 0 and var handle)
                return (name, handle);
        }

        return default;
    }

    /// <summary>The library for a P/Invoke declaration.</summary>
    /// <returns>
    /// A handle that counts for itself, since a thread frees its one when another was given one at the same time (native AOT).
    /// </returns>
    internal static nint Resolve(string name) => name == Name && Found.Value is { } found ? TryLoad(found) : 0;

    private static nint TryLoad(string name) =>
        NativeLibrary.TryLoad(name, typeof(LibOpusLibrary).Assembly, null, out var handle) ? handle : 0;

    private static bool Load()
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(LibOpusLibrary).Assembly, (name, _, _) => Resolve(name));
        }
        catch (InvalidOperationException)
        {
            // An assembly has one resolver; an app that has set its own knows where the library is.
            return CanBeCalled();
        }

        return Found.Value is not null;
    }

    private static unsafe bool CanBeCalled()
    {
        try
        {
            return NativeMethods.GetVersionString() is not null;
        }
        catch (DllNotFoundException)
        {
            return false;
        }
    }

    private static string RuntimeIdentifier() => RuntimeIdentifier(RuntimeInformation.RuntimeIdentifier);

    /// <summary>The portable name of a system, as folders of packages have it.</summary>
    /// <param name="runtime">
    /// The runtime's own, which names a distribution where the runtime was built for one (alpine.3.22-x64).
    /// </param>
    internal static string RuntimeIdentifier(string runtime)
    {
        var system = OperatingSystem.IsWindows() ? "win"
            : OperatingSystem.IsMacOS() ? "osx"
            : runtime.Contains("musl", StringComparison.Ordinal)
                || runtime.StartsWith("alpine", StringComparison.Ordinal) ? "linux-musl"
            : "linux";
        return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
    }
}
