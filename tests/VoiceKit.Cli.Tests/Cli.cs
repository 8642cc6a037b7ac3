using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace VoiceKit.Cli.Tests;

/// <summary>Runs the program as a shell would, in a folder of its own.</summary>
internal sealed class Cli : IDisposable
{
    // Tests that call the program in one process, and the library's own, are the same with either build.
    private static readonly string? Native = Environment.GetEnvironmentVariable("VOICEKIT_CLI");

    /// <summary>What to start: dotnet, or the program that VOICEKIT_CLI names, which is compiled to native code.</summary>
    public static string Program { get; } = Native ?? "dotnet";

    /// <summary>What comes before the arguments.</summary>
    public static string[] Arguments { get; } =
        Native is null
            ? [Path.Combine(Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!, "VoiceKit.Cli.dll")]
            : [];

    /// <summary>Both, as words of a shell.</summary>
    public static string Words { get; } = string.Join(' ', new[] { Program }.Concat(Arguments).Select(word => $"'{word}'"));

    public string Folder { get; } = Directory.CreateTempSubdirectory("voicekit-cli-").FullName;

    public string this[string name] => Path.Combine(Folder, name);

    public string[] Files => [.. Directory.GetFiles(Folder).Select(file => Path.GetFileName(file)!).Order()];

    public ProgramResult Run(params string[] arguments) => RunWith(null, arguments);

    /// <summary>Runs the program with variables of its own in its environment.</summary>
    public ProgramResult RunIn(Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, [.. Arguments, .. arguments]) { WorkingDirectory = Folder };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return OtherProgram.Run(start, null);
    }

    public ProgramResult RunWith(byte[]? input, params string[] arguments)
    {
        var result = RunToEnd(Program, input, [.. Arguments, .. arguments]);
        Assert.DoesNotContain("Unhandled", result.Error);
        return result;
    }

    /// <summary>Runs the program and expects it to do its work.</summary>
    public ProgramResult Do(params string[] arguments)
    {
        var result = Run(arguments);
        Assert.True(result.ExitCode == 0, $"voicekit {string.Join(' ', arguments)}: {result.Error}");
        return result;
    }

    public JsonElement Json(params string[] arguments) => JsonDocument.Parse(Do(arguments).Text).RootElement;

    /// <summary>Runs another program and expects it to do its work.</summary>
    public ProgramResult Tool(string program, params string[] arguments)
    {
        var result = RunToEnd(program, null, arguments);
        Assert.True(result.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {result.Error}");
        return result;
    }

    /// <summary>A spoken sentence of a few seconds at 22,050 Hz mono.</summary>
    public string Speech(string name = "speech.wav")
    {
        Tool("espeak-ng", "-w", name, "This is a voice message, which I made for you. See you at the station in ten minutes.");
        return name;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Starts the program and leaves it to the test.</summary>
    public Process Start(params string[] arguments) => StartProcess(Program, [.. Arguments, .. arguments]);

    private ProgramResult RunToEnd(string program, byte[]? input, string[] arguments) =>
        OtherProgram.Run(new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder }, input);

    private Process StartProcess(
        string program, string[] arguments) => OtherProgram.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = Folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    });
}
