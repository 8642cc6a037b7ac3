using VoiceKit.PulseAudio.Tests;
using VoiceKit.Tests.Support;

namespace VoiceKit.Packages.Tests;

/// <summary>The app in Consumer, built where nothing of the repository is seen, and run on virtual devices.</summary>
public sealed class ConsumerFixture
{
    /// <summary>The frequency of the recordings that the app gets as files.</summary>
    internal const double Spoken = 880;

    /// <summary>The frequency that the microphone hears.</summary>
    internal const double Said = 1250;

    private readonly Dictionary<string, ConsumerRun> _runs = [];
    private string? _folder;

    public static string Source { get; } = Path.Combine(PackedFixture.Root, "tests", "VoiceKit.Packages.Tests", "Consumer");

    /// <summary>
    /// A run of the app as it was "built" or compiled to "native" code, or as built and "without libopus". Each is run once.
    /// </summary>
    internal ConsumerRun Run(PackedFixture packed, string kind)
    {
        if (!_runs.TryGetValue(kind, out var run))
            _runs.Add(kind, run = Start(packed, kind));
        return run;
    }

    private ConsumerRun Start(PackedFixture packed, string kind)
    {
        using var card = new VirtualSoundCard();
        var (program, arguments) = Program(_folder ??= Build(packed), packed, kind);
        var folder = packed.NewFolder(Path.Combine("runs", kind));
        string In(string name) => Path.Combine(folder, name);
        MakeTone(Spoken, 1.2, In("spoken.wav"));
        MakeTone(Spoken, 1.2, In("spoken.flac"));
        MakeTone(Said, 60, In("said.wav"));

        using var feeding = card.Start("paplay", "--latency-msec=1000", "-d", "micfeed", In("said.wav"));
        using var speakers = card.RecordSpeakers(channels: 1);
        string[] variables = [$"WITHOUT_LIBOPUS={(kind == "without libopus" ? 1 : 0)}"];
        var output = card.Run("sh", ["-c", "cd \"$0\" && exec \"$@\"", folder, "env", .. variables, program, .. arguments]);
        var heard = speakers.Stop();
        feeding.Kill();
        return new(folder, Path.GetDirectoryName(arguments.FirstOrDefault() ?? program)!, output.Split('\n'), heard);
    }

    private static (string Program, string[] Arguments) Program(string folder, PackedFixture packed, string kind)
    {
        if (kind != "native")
            return ("dotnet", [Path.Combine(folder, "bin/Release/net10.0/Consumer.dll")]);
        string[] options = ["--use-current-runtime", "-o", "bin/native", "-p:PublishAot=true"];
        PackedFixture.Run(folder, "dotnet", ["publish", .. options, .. packed.StrangersOptions]);
        return (Path.Combine(folder, "bin/native/Consumer"), []);
    }

    private static string Build(PackedFixture packed)
    {
        var folder = packed.NewFolder("consumer");
        foreach (var file in Directory.GetFiles(Source))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        PackedFixture.Run(folder, "dotnet", ["build", .. packed.StrangersOptions]);
        return folder;
    }

    // Without dither, which is another each time.
    private static void MakeTone(double frequency, double seconds, string path) => Oracle.Run(
        "sox",
        ["-D", "-n", "-r", "48000", "-c", "1", "-b", "16", path, "synth", $"{seconds}", "sine", $"{frequency}", "vol", "0.4"]);
}
