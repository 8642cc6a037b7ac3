using System.Text.Json;
using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Profiles;
using VoiceKit.Tests.Support;

namespace VoiceKit.FFmpeg.Tests;

public class SignalVoiceTests
{
    [Fact]
    public async Task It_is_AAC_in_ADTS_as_Signal_records_it()
    {
        var voice = Signals.Voice(48_000 * 2, channels: 2);
        var options = new VoiceEncodingOptions { Channels = 2, Comments = [new("ARTIST", "secret")] };
        var message = await VoiceMessage.EncodeAsync(voice, new AudioFormat(48_000, 2), LibOpusCodec.Default, options);
        var file = await SignalVoice.EncodeAsync(message, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((0xFF, 0xF0), (file[0], file[1] & 0xF6));
        Assert.Equal((1, 4), (file[2] >> 6, file[2] >> 2 & 15)); // AAC-LC, 44.1 kHz.
        Assert.DoesNotContain("secret", System.Text.Encoding.Latin1.GetString(file));

        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.aac"], file);
        var probe = Oracle.Run(
            "ffprobe",
            "-v",
            "error",
            "-of",
            "json",
            "-show_entries",
            "stream=codec_name,profile,channels,sample_rate,bit_rate",
            folder["a.aac"]);
        var stream = JsonDocument.Parse(probe.Output).RootElement.GetProperty("streams")[0];
        Assert.Equal(("aac", "LC", 1, "44100"), (
            stream.GetProperty("codec_name").GetString(),
            stream.GetProperty("profile").GetString(),
            stream.GetProperty("channels").GetInt32(),
            stream.GetProperty("sample_rate").GetString()));
        Assert.InRange(8 * file.Length / 2.0, 16_000, 48_000);
        using var decoded = FFmpegAudioReader.Open(folder["a.aac"]);
        Assert.InRange(Pcm.ReadAll(decoded).Length, 88_200 - 1024, 88_200 + 3072);
    }

    [Fact]
    public async Task What_goes_with_it_is_its_type_its_size_and_a_flag()
    {
        byte[] file = [0xFF, 0xF1, 1, 2, 3];
        Assert.Equal("""{"contentType":"audio/aac","size":5,"flags":1}""", SignalVoice.ToMetadata(file));
        using var content = SignalVoice.ToHttpContent(file);
        Assert.Equal(
            ("audio/aac", "voice.aac"), (content.Headers.ContentType!.ToString(), content.Headers.ContentDisposition!.FileName));
        Assert.Equal(file, await content.ReadAsByteArrayAsync());
        Assert.Equal(VoiceProfile.Signal.MimeType, content.Headers.ContentType.MediaType);
    }
}
