using System.Globalization;
using System.Text.RegularExpressions;

namespace VoiceKit.Cli.Tests;

public class MemoryTests
{
    /// <summary>An hour takes no more memory than ten seconds, but for 10 MB.</summary>
    [Fact]
    public void Peak_memory_does_not_grow_with_length()
    {
        using var cli = new Cli();
        foreach (var (name, seconds) in new[] { ("short", "10"), ("long", "3600") })
        {
            cli.Tool("sox", "-n", "-r", "8000", "-b", "16", $"{name}.wav", "synth", seconds, "sine", "300", "tremolo", "3", "vol", "0.5");
            cli.Do("encode", $"{name}.wav", $"{name}.opus", "--complexity", "0", "--frame", "60");
        }

        string[][] commands =
        [
            ["encode", "*.wav", "out.opus", "--complexity", "0", "--frame", "60"], ["decode", "*.opus", "out.wav"],
            ["info", "*.opus"], ["waveform", "*.opus"], ["waveform", "*.wav"],
        ];
        foreach (var command in commands)
        {
            var (few, many) = (PeakKilobytes(cli, command, "short"), PeakKilobytes(cli, command, "long"));
            Assert.True(many - few <= 10_000, $"{command[0]}: {few} kB for ten seconds, {many} kB for an hour");
        }
    }

    private static long PeakKilobytes(Cli cli, string[] command, string name)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "VoiceKit.Cli.dll");
        var result = cli.Tool("/usr/bin/time", ["-v", "dotnet", program, .. command.Select(word => word.Replace("*", name, StringComparison.Ordinal))]);
        var match = Regex.Match(result.Error, @"Maximum resident set size \(kbytes\): (\d+)");
        return long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
