using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VoiceKit.Tests.Support;

/// <summary>Skips a test where it makes an encoder or decoder of libopus, if libopus is not installed.</summary>
internal static class SkipWithoutLibOpus
{
    private const string Reason = "This needs libopus, which is not installed.";

    private static readonly string[] Names = OperatingSystem.IsWindows() ? ["opus.dll", "libopus-0.dll", "libopus.dll"]
        : OperatingSystem.IsMacOS()
            ? ["libopus.0.dylib", "libopus.dylib", "/opt/homebrew/lib/libopus.0.dylib", "/usr/local/lib/libopus.0.dylib"]
        : ["libopus.so.0", "libopus.so"];

    private static bool _isMissing;

    [ModuleInitializer]
    internal static void Install()
    {
        var codec = Assembly.Load("VoiceKit.LibOpus");
        _isMissing = !Names.Any(name => NativeLibrary.TryLoad(name, codec, null, out _));
        if (_isMissing)
            NativeLibrary.SetDllImportResolver(codec, (_, _, _) => throw Xunit.Sdk.SkipException.ForSkip(Reason));
    }

    /// <summary>Skips a test that would not notice that its encoder cannot be made, or makes it in another process.</summary>
    public static void Check()
    {
        if (_isMissing)
            Assert.Skip(Reason);
    }
}
