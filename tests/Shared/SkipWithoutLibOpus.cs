using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VoiceKit.Tests.Support;

/// <summary>Skips a test where it makes an encoder or decoder of libopus, if libopus is not installed.</summary>
internal static class SkipWithoutLibOpus
{
    private static readonly string[] Names = OperatingSystem.IsWindows() ? ["opus.dll", "libopus-0.dll", "libopus.dll"]
        : OperatingSystem.IsMacOS()
            ? ["libopus.0.dylib", "libopus.dylib", "/opt/homebrew/lib/libopus.0.dylib", "/usr/local/lib/libopus.0.dylib"]
        : ["libopus.so.0", "libopus.so"];

    [ModuleInitializer]
    internal static void Install()
    {
        var codec = Assembly.Load("VoiceKit.LibOpus");
        if (!Names.Any(name => NativeLibrary.TryLoad(name, codec, null, out _)))
            NativeLibrary.SetDllImportResolver(
                codec, (_, _, _) => throw Xunit.Sdk.SkipException.ForSkip("This needs libopus, which is not installed."));
    }
}
