using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace VoiceKit.Tests.Support;

/// <summary>Runs the programs that our results are compared with.</summary>
internal static class Oracle
{
    /// <summary>Runs a program; a missing one or a failure fails the test.</summary>
    public static (string Output, string Error) Run(string program, params string[] arguments)
    {
        var (output, error) = RunPiped(program, null, arguments);
        return (Encoding.UTF8.GetString(output), error);
    }

    /// <summary>Runs a program on bytes; a missing one or a failure fails the test.</summary>
    public static (byte[] Output, string Error) RunPiped(string program, byte[]? input, params string[] arguments)
    {
        var (exitCode, output, error) = TryRun(program, input, arguments);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)} returned {exitCode}: {error}");
        return (output, error);
    }

    private static (int ExitCode, byte[] Output, string Error) TryRun(string program, byte[]? input, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var feed = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(input ?? []);
            process.StandardInput.Close();
        });
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        feed.Wait();
        return (process.ExitCode, output.ToArray(), error.Result);
    }

    /// <summary>What opusinfo warns of: nothing, for a conforming file.</summary>
    public static string[] Warnings(string path)
    {
        var (_, output, error) = TryRun("opusinfo", null, [path]);
        return [.. (Encoding.UTF8.GetString(output) + error).Split('\n').Where(line => line.Contains("WARNING") || line.Contains("ERROR") || line.Contains("Warning"))];
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
