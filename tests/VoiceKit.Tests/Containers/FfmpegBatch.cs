using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Containers;

/// <summary>Has ffmpeg decode many files at once: it takes longer to start than to decode a short message.</summary>
internal static class FfmpegBatch
{
    /// <summary>Decodes files at 48 kHz, in the channels that they have.</summary>
    /// <param name="files">The files, of whatever container.</param>
    public static float[][] Decode(params IReadOnlyList<byte[]> files)
    {
        using var folder = new TemporaryFolder();
        var (inputs, outputs) = (new List<string>(), new List<string>());
        for (var i = 0; i < files.Count; i++)
        {
            File.WriteAllBytes(folder[$"{i}"], files[i]);
            inputs.AddRange(["-c:a", "libopus", "-i", folder[$"{i}"]]);
            outputs.AddRange(["-map", $"{i}:a:0", "-ar", "48000", "-f", "f32le", folder[$"{i}.f32"]]);
        }

        Oracle.Run("ffmpeg", ["-v", "error", .. inputs, .. outputs]);
        return [.. files.Select((_, i) => Oracle.Floats(File.ReadAllBytes(folder[$"{i}.f32"])))];
    }
}
