using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace VoiceKit.Tests.Support;

/// <summary>Runs the programs that our results are compared with.</summary>
internal static class Oracle
{
    /// <summary>Runs a program; a failure fails the test.</summary>
    public static (string Output, string Error) Run(string program, params string[] arguments)
    {
        var (output, error) = RunPiped(program, null, arguments);
        return (Encoding.UTF8.GetString(output), error);
    }

    /// <summary>Runs a program on bytes; a failure fails the test.</summary>
    public static (byte[] Output, string Error) RunPiped(string program, byte[]? input, params string[] arguments)
    {
        var (exitCode, output, error) = OtherProgram.Run(new ProcessStartInfo(program, arguments), input);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)} returned {exitCode}: {error}");
        return (output, error);
    }

    /// <summary>What opusinfo warns of: nothing, for a conforming file.</summary>
    public static string[] Warnings(string path)
    {
        var said = OtherProgram.Run(new ProcessStartInfo("opusinfo", [path]));
        string[] words = ["WARNING", "ERROR", "Warning"];
        return [.. (said.Text + said.Error).Split('\n').Where(line => words.Any(line.Contains))];
    }

    /// <summary>The samples that opusdec gives at 48 kHz.</summary>
    public static float[] OpusDec(string path)
    {
        var wav = path + ".opusdec.wav";
        Run("opusdec", "--quiet", "--float", "--no-dither", "--rate", "48000", path, wav);
        return DataOfFloatWav(File.ReadAllBytes(wav));
    }

    /// <summary>The samples that ffmpeg gives at 48 kHz.</summary>
    public static float[] Ffmpeg(string path)
    {
        var raw = path + ".ffmpeg.f32";
        Run("ffmpeg", "-v", "error", "-y", "-i", path, "-ar", "48000", "-f", "f32le", raw);
        return Floats(File.ReadAllBytes(raw));
    }

    public static float[] Floats(byte[] bytes) => MemoryMarshal.Cast<byte, float>(bytes).ToArray();

    public static float[] DataOfFloatWav(byte[] wav)
    {
        var at = wav.AsSpan().IndexOf("data"u8);
        return MemoryMarshal.Cast<byte, float>(wav.AsSpan(at + 8, (wav.Length - at - 8) / 4 * 4)).ToArray();
    }
}
