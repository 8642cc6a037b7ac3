using System.Runtime.InteropServices;
using VoiceKit.Audio;
using VoiceKit.LibOpus;

namespace VoiceKit.Windows.Tests.Actor;

/// <summary>Takes a tone through libopus and back.</summary>
internal static class Coder
{
    public static async Task RunAsync()
    {
        Stage.Tell($"architecture {RuntimeInformation.ProcessArchitecture}");
        Stage.Tell(FormattableString.Invariant($"decibels {await TakeThereAndBackAsync():F2}"));
    }

    /// <summary>How loud a second of a tone is, as against what is wrong with it when it comes back, in dB.</summary>
    public static async Task<double> TakeThereAndBackAsync()
    {
        var tone = new float[48_000];
        for (var i = 0; i < tone.Length; i++)
            tone[i] = (float)(0.4 * Math.Sin(2 * Math.PI * 440 * i / 48_000));
        var options = new VoiceEncodingOptions { Encoder = new() { Bitrate = 64_000 } };
        var message = await VoiceMessage.EncodeAsync(tone, new AudioFormat(48_000, 1), LibOpusCodec.Default, options);
        using var audio = message.OpenAudio(LibOpusCodec.Default);
        var heard = new float[tone.Length];
        audio.ReadExactly(heard);
        double wanted = 0, wrong = 0;
        for (var i = 2_400; i < tone.Length - 2_400; i++)
        {
            wanted += tone[i] * tone[i];
            wrong += (heard[i] - tone[i]) * (heard[i] - tone[i]);
        }

        return 10 * Math.Log10(wanted / wrong);
    }

    private static void ReadExactly(this IAudioReader audio, Span<float> samples)
    {
        while (!samples.IsEmpty)
        {
            var count = audio.Read(samples);
            if (count == 0)
                throw new EndOfStreamException($"{samples.Length} samples are missing.");
            samples = samples[count..];
        }
    }
}
