using VoiceKit.FFmpeg;
using VoiceKit.LibOpus;
using VoiceKit.Mail;
using VoiceKit.Profiles;

namespace VoiceKit.Docs.Tests.Pages;

public class ProfilesPage : DocsPage
{
    [Fact]
    public async Task Examples_work()
    {
        var codec = LibOpusCodec.Default;
        var message = await VoiceMessage.OpenAsync("message.opus");
        foreach (var finding in VoiceProfile.WhatsApp.Check(message))
            Console.WriteLine(finding);

        var fit = await VoiceProfile.WhatsApp.FitAsync(message, codec);
        Console.WriteLine($"{fit.Action}: {(fit.IsAccepted ? "fits" : string.Join('\n', fit.Remaining))}");

        Assert.True(fit.IsAccepted);
        Assert.DoesNotContain(VoiceProfile.WhatsApp.Check(fit.Message), finding => finding.Severity == VoiceProfileSeverity.Error);

        var forTelegram = await VoiceMessage.EncodeAsync("recording.wav", codec, VoiceProfile.Telegram.ToEncodingOptions());

        using HttpContent upload = forTelegram.ToHttpContent(VoiceProfile.Telegram);
        var bars = await message.GetWaveformAsync(codec, VoiceProfile.Discord.WaveformCountFor(message.Duration));
        string forDiscord = message.ToMetadata(VoiceProfile.Discord, bars);

        Assert.InRange((await upload.ReadAsByteArrayAsync()).Length, (int)forTelegram.Size, int.MaxValue);
        Assert.Contains("\"waveform\"", forDiscord, StringComparison.Ordinal);

        byte[] aac = await SignalVoice.EncodeAsync(message);
        string pointer = SignalVoice.ToMetadata(aac);

        Assert.Contains($"\"size\":{aac.Length}", pointer, StringComparison.Ordinal);

        using var attachment = message.ToMailAttachment();

        Assert.Equal(message.Size, attachment.ContentStream.Length);

        var intercom = VoiceProfile.Generic with { Name = "intercom", Bitrate = 16_000, MaxDuration = TimeSpan.FromMinutes(2) };

        Assert.Empty(intercom.Check(message));
    }
}
