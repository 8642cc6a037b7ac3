using System.Diagnostics;
using VoiceKit.Audio;
using VoiceKit.LibOpus;

namespace VoiceKit.PulseAudio.Tests;

/// <summary>A voice to record and play.</summary>
internal static class Speech
{
    private static readonly Lazy<float[]> Said = new(Say);

    /// <summary>Some eight seconds of speech, 48 kHz mono.</summary>
    public static float[] Samples => Said.Value;

    /// <summary>All samples of a message at 48 kHz.</summary>
    public static float[] Decode(VoiceMessage message, int channels = 1)
    {
        using var audio = message.OpenAudio(LibOpusCodec.Default, channels: channels);
        return ReadAll(audio);
    }

    private static float[] Say()
    {
        var path = Path.Combine(Path.GetTempPath(), $"voicekit-speech-{Guid.NewGuid():N}.wav");
        try
        {
            const string Text =
                "This is a voice message, which I made for you. See you at the station in ten minutes. Bring the umbrella.";
            Assert.Equal(0, OtherProgram.Run(new ProcessStartInfo("espeak-ng", ["-a", "60", "-w", path, Text])).ExitCode);
            using var reader = AudioFiles.Open(path).ToFormat(new AudioFormat(Sounds.Rate, 1));
            return ReadAll(reader);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static float[] ReadAll(IAudioReader reader)
    {
        var all = new List<float>();
        var buffer = new float[4096 * reader.Format.Channels];
        for (int count; (count = reader.Read(buffer)) > 0;)
            all.AddRange(buffer.AsSpan(0, count));
        return [.. all];
    }
}
