using System.Diagnostics;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Faults;

/// <summary>The library that lets calls of the system fail: faults.c, which stands beside the tests.</summary>
internal static class FaultLibrary
{
    /// <summary>Compiles it. Where the system is not Linux, the test is skipped.</summary>
    /// <param name="folder">Where it goes.</param>
    /// <returns>Its path.</returns>
    public static string Compile(string folder)
    {
        Requires.Linux();
        var library = Path.Combine(folder, "libfaults.so");
        var source = Path.Combine(Path.GetDirectoryName(typeof(FaultLibrary).Assembly.Location)!, "faults.c");
        string[] arguments = ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl", "-lpthread"];
        var compiled = OtherProgram.Run(new ProcessStartInfo("gcc", arguments));
        Assert.True(compiled.ExitCode == 0, compiled.Error);
        return library;
    }
}
