using System.Runtime.InteropServices;
using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Audio;

/// <summary>Programs that read and write WAV files, and what the tests do with their bytes.</summary>
internal static class WavTools
{
    /// <summary>Runs a program with pipes for its input and output; fails when it fails or is not there.</summary>
    public static byte[] Run(string program, byte[]? input, params string[] arguments) =>
        Oracle.RunPiped(program, input, arguments).Output;

    public static byte[] Ffmpeg(byte[]? input, params string[] arguments) =>
        Run("ffmpeg", input, ["-v", "error", "-y", .. arguments]);

    public static byte[] Sox(byte[]? input, params string[] arguments) => Run("sox", input, ["-V1", "-D", .. arguments]);

    public static float[] ToFloats(byte[] bytes) => MemoryMarshal.Cast<byte, float>(bytes).ToArray();

    public static byte[] ToBytes<T>(T[] values) where T : unmanaged => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    /// <summary>A file's samples, as ffmpeg decodes them.</summary>
    public static float[] DecodeWithFfmpeg(string path) => DecodeAllWithFfmpeg(path)[0];

    /// <summary>The same of several files by one process, which takes longer to start than to decode.</summary>
    public static float[][] DecodeAllWithFfmpeg(params string[] paths)
    {
        var inputs = paths.SelectMany(path => new[] { "-i", path });
        var outputs = paths.SelectMany(
            (path, i) => new[] { "-map", $"{i}:a", "-f", "f32le", "-c:a", "pcm_f32le", path + ".raw" });
        Ffmpeg(null, [.. inputs, .. outputs]);
        return [.. paths.Select(path => ToFloats(File.ReadAllBytes(path + ".raw")))];
    }

    public static float[] ReadAll(IAudioReader reader, int bufferLength = 4096)
    {
        var all = new List<float>();
        var buffer = new float[Math.Max(bufferLength, reader.Format.Channels)];
        for (int read; (read = reader.Read(buffer)) > 0;)
            all.AddRange(buffer.AsSpan(0, read));
        return [.. all];
    }

    public static float[] ReadAll(byte[] wav)
    {
        using var reader = new WavReader(new MemoryStream(wav));
        return ReadAll(reader);
    }

    /// <summary>Bitwise, so that a NaN and the sign of zero count.</summary>
    public static void AssertSame(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        int difference = ToBytes(expected).AsSpan().CommonPrefixLength(ToBytes(actual)) / sizeof(float);
        if (difference < expected.Length)
            Assert.Fail($"Sample {difference}: {expected[difference]:R} was expected, not {actual[difference]:R}.");
    }

    /// <summary>Noise at all levels, with full scale, what lies beyond it, and zero.</summary>
    public static float[] Noise(int count, int seed = 1)
    {
        var random = new Random(seed);
        var samples = new float[count];
        for (int i = 0; i < count; i++)
        {
            samples[i] = random.Next(16) switch
            {
                0 => random.Next(2) == 0 ? 1 : -1,
                1 => 0,
                2 => (random.NextSingle() - 0.5f) * 4,
                int shift => (random.NextSingle() * 2 - 1) / (1 << (shift - 3)),
            };
        }
        return samples;
    }
}

/// <summary>A folder that goes away with the test.</summary>
internal sealed class WavTempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("voicekit-wav-");

    public string this[string name] => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
