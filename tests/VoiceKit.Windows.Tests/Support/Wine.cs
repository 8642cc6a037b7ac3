using System.Diagnostics;
using VoiceKit.PulseAudio.Tests;
using VoiceKit.Tests.Support;

namespace VoiceKit.Windows.Tests.Support;

/// <summary>A Windows of our own, under Wine, with .NET. It is gone, with all that runs there, when this is disposed.</summary>
public sealed class Wine : IDisposable
{
    /// <summary>The name of the collection of tests that share it.</summary>
    public const string Collection = "wine";

    private static readonly string[] Places = ["/usr/lib/wine/wine64", "/usr/bin/wine64", "/usr/bin/wine"];

    private readonly string _folder = Directory.CreateTempSubdirectory("voicekit-wine-").FullName;
    private readonly Lazy<string> _prefix;

    public Wine() => _prefix = new Lazy<string>(MakePrefix);

    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    // Debian has them in a package for another architecture.
    private static string Libraries32 { get; } = Path.Combine(Root, "artifacts", "wine32", "i386-windows");

    // Made when it is first used, since a test can be skipped and what it shares with others cannot.
    private string Prefix => _prefix.Value;

    private static string Loader => Places.FirstOrDefault(File.Exists) ?? "wine";

    /// <summary>Starts a program that was laid out.</summary>
    /// <param name="card">What it hears and plays on; null for none.</param>
    /// <param name="program">The file's name.</param>
    /// <param name="arguments">What it is told.</param>
    internal WineProgram Run(VirtualSoundCard? card, string program, params string[] arguments) =>
        RunOn("win-x64", card, program, arguments);

    /// <inheritdoc cref="Run"/>
    /// <param name="rid">"win-x64" or "win-x86".</param>
    /// <param name="card">What it hears and plays on; null for none.</param>
    /// <param name="program">The file's name.</param>
    /// <param name="arguments">What it is told.</param>
    internal WineProgram RunOn(string rid, VirtualSoundCard? card, string program, params string[] arguments)
    {
        var output = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        string[] command = ["-c", "exec \"$@\" >\"$0.out\" 2>\"$0.err\" </dev/null", output, Loader, Path.Combine(
            FolderOf(rid), program)];
        return new WineProgram(Start(card, "sh", [.. command, .. arguments], rid), output);
    }

    /// <summary>Makes a device the default one.</summary>
    /// <param name="name">"DefaultInput", "DefaultOutput" or, for calls, "DefaultVoiceInput", "DefaultVoiceOutput".</param>
    /// <param name="id">The device's id; null for the sound server's own.</param>
    public void SetDefault(string name, string? id)
    {
        const string Key = @"HKCU\Software\Wine\Drivers\winepulse.drv";
        string[] change = id is null ? ["delete", Key, "/v", name, "/f"] : ["add", Key, "/v", name, "/d", id, "/f"];
        Wait(Start(null, Loader, ["reg", .. change]), TimeSpan.FromMinutes(1));
    }

    /// <summary>The name that Windows has for a path.</summary>
    public static string PathOf(string path) => "Z:" + path.Replace('/', '\\');

    public void Dispose()
    {
        if (_prefix.IsValueCreated)
        {
            Wait(Start(null, "wineserver", ["-k"]), TimeSpan.FromSeconds(30));

            // It writes its registry before it ends.
            Wait(Start(null, "wineserver", ["-w"]), TimeSpan.FromSeconds(30));
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string MakePrefix()
    {
        if (!File.Exists(Path.Combine(FolderOf("win-x64"), "actor.exe")))
            Assert.Skip("What runs under Wine is not laid out; dotnet msbuild eng/windows.proj -restore -t:Lay does.");
        if (!Directory.Exists(Libraries32))
            Assert.Skip("What Wine needs for 32 bits is not there; eng/wine32 brings it.");
        Requires.Program(Loader);
        var prefix = Path.Combine(_folder, "prefix");
        // Wine calls itself Windows 7 unless it is told.
        Wait(StartIn(prefix, null, Loader, ["winecfg", "/v", "win10"], "win-x64"), TimeSpan.FromMinutes(3));
        foreach (var library in Directory.GetFiles(Libraries32))
            File.CreateSymbolicLink(Path.Combine(prefix, "drive_c", "windows", "syswow64", Path.GetFileName(library)), library);
        return prefix;
    }

    private static string FolderOf(string rid) => Path.Combine(Root, "artifacts", "windows", rid);

    private Process Start(VirtualSoundCard? card, string program, string[] arguments, string rid = "win-x64") =>
        StartIn(Prefix, card, program, arguments, rid);

    // Nothing may hold one of our pipes: Wine's server keeps those that it inherits, and outlives its programs.
    private static Process StartIn(string prefix, VirtualSoundCard? card, string program, string[] arguments, string rid)
    {
        var start = new ProcessStartInfo("sh", ["-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", program, .. arguments]);
        foreach (var (name, value) in card?.Environment ?? new Dictionary<string, string> { ["PULSE_SERVER"] = "unix:/nowhere" })
            start.Environment[name] = value;
        start.Environment["WINEPREFIX"] = prefix;
        if (rid == "win-x86")
            start.Environment["WINEDLLPATH"] = Path.GetDirectoryName(Libraries32);
        start.Environment["WINEARCH"] = "win64";
        start.Environment["WINEDEBUG"] = "-all";
        start.Environment["WINEPATH"] = PathOf(Path.Combine(Root, "artifacts", "native", "runtimes", rid, "native"));
        // Those of this process are about another .NET.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("DOTNET_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["DOTNET_ROOT"] = PathOf(Path.Combine(FolderOf(rid), "dotnet"));
        start.Environment["DOTNET_TieredPGO"] = "0";

        // Memory that is mapped twice is not well kept by Wine 8, and its threads are suspended at the collector's risk: seldom,
        // then.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_GCgen0size"] = "4000000";
        start.Environment.Remove("DISPLAY");
        return Process.Start(start)!;
    }

    private static void Wait(Process process, TimeSpan patience)
    {
        using (process)
        {
            if (!process.WaitForExit(patience))
                process.Kill(entireProcessTree: true);
        }
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "VoiceKit.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
