using System.Runtime.InteropServices;
using VoiceKit.Audio;
using VoiceKit.LibOpus;

namespace VoiceKit.Windows.Tests.Actor;

/// <summary>Takes a tone through libopus and back.</summary>
internal static class Coder
{
    public static async Task RunAsync()
    {
        var tone = new float[48_000];
        for (var i = 0; i < tone.Length; i++)
            tone[i] = (float)(0.4 * Math.Sin(2 * Math.PI * 440 * i / 48_000));
        var message = await VoiceMessage.EncodeAsync(
            tone, new AudioFormat(48_000, 1), LibOpusCodec.Default, new VoiceEncodingOptions { Encoder = new() { Bitrate = 64_000 } });
        using var audio = message.OpenAudio(LibOpusCodec.Default);
        var heard = new float[tone.Length];
        var count = 0;
        for (int read; count < heard.Length && (read = audio.Read(heard.AsSpan(count))) > 0;)
            count += read;
        double wanted = 0, wrong = 0;
        for (var i = 2_400; i < count - 2_400; i++)
        {
            wanted += tone[i] * tone[i];
            wrong += (heard[i] - tone[i]) * (heard[i] - tone[i]);
        }

        Stage.Tell($"architecture {RuntimeInformation.ProcessArchitecture}");
        Stage.Tell($"frames {count}");
        Stage.Tell(FormattableString.Invariant($"decibels {10 * Math.Log10(wanted / wrong):F1}"));
    }
}
