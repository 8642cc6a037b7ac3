using System.Globalization;
using System.Text.RegularExpressions;
using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.Cli.Tests;

public class MemoryTests
{
    /// <summary>
    /// An hour takes no more memory than ten minutes, in which all cores have stretches to work on, but for 10 MB.
    /// </summary>
    [Fact]
    public void Peak_memory_does_not_grow_with_length()
    {
        Requires.Program("/usr/bin/time");
        Requires.Library("libopus.so.0");
        using var cli = new Cli();
        WriteWav(cli["short.wav"], 600);
        WriteWav(cli["long.wav"], 3600);
        string[][] commands =
        [
            ["encode", "*.wav", "*.opus", "--complexity", "0", "--frame", "60"],
            ["decode", "*.opus", "out.wav", "--rate", "8000", "--force"],
            ["info", "*.opus"], ["waveform", "*.opus"], ["waveform", "*.wav"],
        ];
        foreach (var command in commands)
        {
            var (few, many) = (PeakKilobytes(cli, command, "short"), PeakKilobytes(cli, command, "long"));
            Assert.True(many - few <= 10_000, $"{command[0]}: {few} kB for ten minutes, {many} kB for an hour");
        }

        Assert.Equal(3600L * 48_000, cli.Json("info", "long.opus", "--json").GetProperty("samples").GetInt64());
    }

    // The same second again and again, of a tone that comes and goes.
    private static void WriteWav(string path, int seconds)
    {
        using var writer = new WavWriter(File.Create(path), new AudioFormat(8000, 1));
        var second = Enumerable.Range(0, 8000).Select(
            i => (float)(0.5 * Math.Sin(i * 0.2) * Math.Sin(i * Math.PI / 2000))).ToArray();
        for (var i = 0; i < seconds; i++)
            writer.Write(second);
    }

    private static long PeakKilobytes(Cli cli, string[] command, string name)
    {
        var words = command.Select(word => word.Replace("*", name, StringComparison.Ordinal));
        var result = cli.Tool("/usr/bin/time", ["-v", Cli.Program, .. Cli.Arguments, .. words]);
        var match = Regex.Match(result.Error, @"Maximum resident set size \(kbytes\): (\d+)");
        return long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
