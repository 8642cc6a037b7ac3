using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VoiceKit.Docs.Tests;

/// <summary>The compiler of the SDK whose runtime runs the tests. Where there is a runtime alone, the test is skipped.</summary>
internal static class CSharpCompiler
{
    private static readonly string[] Packs = ["Microsoft.NETCore.App.Ref", "Microsoft.AspNetCore.App.Ref"];

    /// <summary>Compiles programs against VoiceKit and ASP.NET Core, and gives each error once.</summary>
    public static string[] ErrorsOf(IEnumerable<PageProgram> programs)
    {
        using var folder = new TemporaryFolder();
        var sources = programs.Select((program, index) => program.ToSource($"Program{index}")).ToArray();
        for (var i = 0; i < sources.Length; i++)
            File.WriteAllText(folder[$"{i}.cs"], sources[i]);
        File.WriteAllLines(
            folder["arguments.rsp"],
            [
                "-nologo", "-nostdlib", "-target:library", "-nullable:enable", "-warnaserror+:nullable",
                $"-out:\"{folder["programs.dll"]}\"",
                .. References().Select(path => $"-reference:\"{path}\""),
                .. folder.Files.Where(path => path.EndsWith(".cs", StringComparison.Ordinal)).Select(path => $"\"{path}\""),
            ]);
        var result = OtherProgram.Run(new ProcessStartInfo(Host(), [Compiler(), "-noconfig", "@" + folder["arguments.rsp"]]));
        var errors = result.Text.Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.Contains(": error ", StringComparison.Ordinal))
            .Select(line => line.Replace(folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal))
            .Distinct()
            .ToArray();
        Assert.True(result.ExitCode == 0 == (errors.Length == 0), result.Text + result.Error);
        return errors;
    }

    private static string Root() =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private static string Host() => Path.Combine(Root(), OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");

    private static string Compiler() => Newest("sdk", Path.Combine("Roslyn", "bincore", "csc.dll"));

    private static IEnumerable<string> References() =>
        Packs.Select(pack => Newest(Path.Combine("packs", pack), Path.Combine("ref", $"net{Environment.Version.Major}.0")))
            .SelectMany(folder => Directory.GetFiles(folder, "*.dll"))
            .Concat(Directory.GetFiles(AppContext.BaseDirectory, "VoiceKit*.dll"))
            .Where(path => !path.EndsWith(".Tests.dll", StringComparison.Ordinal));

    // What is at a path in the newest of the versions that a folder has.
    private static string Newest(string folder, string path)
    {
        var all = Path.Combine(Root(), folder);
        var found = (Directory.Exists(all) ? Directory.GetDirectories(all) : [])
            .Where(version => Path.Exists(Path.Combine(version, path)))
            .MaxBy(version => Version.TryParse(Path.GetFileName(version).Split('-')[0], out var number) ? number : new Version());
        if (found is null)
            Assert.Skip($"This needs the SDK, and {all} has no version with {path}.");
        return Path.Combine(found, path);
    }
}
