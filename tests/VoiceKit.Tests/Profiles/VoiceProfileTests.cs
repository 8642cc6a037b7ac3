using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Profiles;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Profiles;

public class VoiceProfileTests
{
    private static readonly LibOpusCodec Codec = LibOpusCodec.Default;
    private static readonly AudioFormat Mono16 = new(16_000, 1);
    private static readonly AudioFormat Mono48 = new(48_000, 1);
    private static readonly AudioFormat Stereo48 = new(48_000, 2);
    private static readonly float[] Speech = Signals.Voice(16_000 * 6, 16_000);

    public static TheoryData<string> Names =>
        [.. VoiceProfile.All.Where(profile => profile.TakesOpus).Select(profile => profile.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_encoded_for_a_profile_fits_or_is_rewritten_to_fit(string name)
    {
        var profile = VoiceProfile.Find(name)!;
        var message = await VoiceMessage.EncodeAsync(Speech, Mono16, Codec, profile.ToEncodingOptions());
        var fit = await profile.FitAsync(message);
        Assert.Empty(fit.Remaining);
        Assert.True(fit.IsAccepted);
        Assert.InRange(fit.Action, VoiceFitAction.None, VoiceFitAction.Repacketize);
        Assert.Equal(fit.Action == VoiceFitAction.None, ReferenceEquals(message, fit.Message));

        // A shorter pre-skip lets a little be heard that came before.
        var before = message.Info.Head.PreSkip - fit.Message.Info.Head.PreSkip;
        Assert.Equal(profile.PreSkip is null ? 0 : 208, before);
        Assert.Equal(Pcm.Decode(BytesOf(message)), Pcm.Decode(BytesOf(fit.Message))[before..]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_stereo_message_with_comments_fits_every_profile(string name)
    {
        var profile = VoiceProfile.Find(name)!;
        var options = new VoiceEncodingOptions { Channels = 2, Comments = [new("TITLE", "x"), new("R128_TRACK_GAIN", "100")] };
        var message = await VoiceMessage.EncodeAsync(Signals.Voice(96_000, channels: 2), Stereo48, Codec, options);
        var fit = await profile.FitAsync(message, Codec);
        Assert.DoesNotContain(fit.Remaining, finding => finding.Severity != VoiceProfileSeverity.Advice);
        Assert.Equal(message.Info.Samples + (profile.PreSkip is null ? 0 : 208), fit.Message.Info.Samples);
        Assert.Equal(
            fit.Action is VoiceFitAction.Reencode,
            profile.Platform is VoicePlatform.Telegram or VoicePlatform.WhatsApp or VoicePlatform.IMessage);
        Assert.Equal(profile.TakesComments ? "x" : null, fit.Message.Tags.GetValue("TITLE"));
        if (fit.Action == VoiceFitAction.Reencode)
        {
            Assert.Equal(1, fit.Message.Info.Head.Channels);
            Assert.Null(fit.Message.Tags.TrackGain);
        }

        using var folder = new TemporaryFolder();
        await fit.Message.SaveAsync(folder["m.opus"]);
        // To opusinfo, WhatsApp's own pre-skip is implausibly low.
        Assert.DoesNotContain(Oracle.Warnings(folder["m.opus"]), warning =>
            profile.PreSkip is null || !warning.Contains("preskip", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task WhatsApp_gets_its_packets_and_headers_without_a_codec()
    {
        var options = new VoiceEncodingOptions
        {
            Encoder = new OpusEncoderOptions { Application = OpusApplication.Voip, Signal = OpusSignal.Voice, Bitrate = 20_000 },
            Comments = [new("DATE", "2026")],
        };
        var message = await VoiceMessage.EncodeAsync(Speech, Mono16, Codec, options);
        var before = VoiceProfile.WhatsAppGrouped.Check(message);
        Assert.Equal(
            [VoiceProfileRule.Tags, VoiceProfileRule.Tags, VoiceProfileRule.PacketShape], before.Select(finding => finding.Rule));

        var fit = await VoiceProfile.WhatsAppGrouped.FitAsync(message);
        Assert.Equal((VoiceFitAction.Repacketize, 0), (fit.Action, fit.Remaining.Count));
        Assert.Equal(("WhatsApp", 0), (fit.Message.Tags.Vendor, fit.Message.Tags.Comments.Count));
        Assert.Equal(16_000, fit.Message.Info.Head.InputSampleRate);
        var packets = Pcm.PacketsOf(BytesOf(fit.Message));
        Assert.All(packets, packet => Assert.Equal(3, packet[0] & 3));
        Assert.All(packets[..^1], packet => Assert.Equal(3, packet[1] & 0x3F));
        Assert.Equal(Pcm.Decode(BytesOf(message)), Pcm.Decode(BytesOf(fit.Message)));
    }

    [Fact]
    public async Task WhatsApp_gets_what_one_of_its_clients_was_seen_to_write()
    {
        var message = await VoiceMessage.EncodeAsync(Signals.Voice(48_000 * 3, channels: 2), Stereo48, Codec);
        var fit = await VoiceProfile.WhatsApp.FitAsync(message, Codec);
        var head = fit.Message.Info.Head;
        Assert.Equal((1, 104, 16_000), (head.Channels, head.PreSkip, (int)head.InputSampleRate));
        Assert.Equal(("WhatsApp", 0), (fit.Message.Tags.Vendor, fit.Message.Tags.Comments.Count));
        Assert.All(Pcm.PacketsOf(BytesOf(fit.Message)), packet => Assert.Equal((9, 0), (packet[0] >> 3, packet[0] & 3)));
        Assert.Empty(fit.Remaining);
    }

    [Fact]
    public async Task What_was_cut_off_does_not_come_back_with_a_shorter_pre_skip()
    {
        var message = await VoiceMessage.EncodeAsync(Speech, Mono16, Codec, VoiceProfile.WhatsApp.ToEncodingOptions());
        var cut = await message.TrimAsync(TimeSpan.FromSeconds(2));
        var fit = await VoiceProfile.WhatsApp.FitAsync(cut);
        Assert.Equal(cut.Info.Samples, fit.Message.Info.Samples);
        Assert.Equal(cut.Info.Head.PreSkip, fit.Message.Info.Head.PreSkip);
        Assert.Empty(fit.Remaining);
    }

    [Theory]
    [InlineData("telegram")]
    [InlineData("whatsapp")]
    [InlineData("whatsapp-grouped")]
    [InlineData("discord")]
    [InlineData("matrix")]
    [InlineData("matrix-v1")]
    [InlineData("imessage")]
    public async Task What_is_sent_tells_nothing_of_people_and_places(string name)
    {
        var tags = new OpusTags(
            "Lavf58",
            new OpusComment("ARTIST", "Anna"),
            new OpusComment("LOCATION", "52.5,13.4"),
            new OpusComment("COMMENT", "c"))
            .Add(new OpusPicture(OpusPictureType.FrontCover, "image/png", new byte[3000]));
        var bytes = new MemoryStream();
        OggOpusTagEditor.Copy(new MemoryStream(Pcm.Encode(Signals.Voice(48_000), Mono48)), bytes, _ => tags);
        var message = VoiceMessage.FromBytes(bytes.ToArray());
        var profile = VoiceProfile.Find(name)!;
        Assert.Contains(
            profile.Check(message), finding => finding.Message.Contains("picture of 3000 bytes", StringComparison.Ordinal));
        Assert.Contains(profile.Check(message), finding => finding.Message.Contains("LOCATION", StringComparison.Ordinal));
        var fit = await profile.FitAsync(message, Codec);
        Assert.Empty(fit.Message.Tags.Comments);
        var sent = System.Text.Encoding.Latin1.GetString(fit.Message.ToFile(profile));
        foreach (var secret in new[] { "Anna", "52.5", "ARTIST", "PICTURE" })
            Assert.DoesNotContain(secret, sent);
    }

    [Fact]
    public async Task Telegram_is_said_to_show_no_cover()
    {
        var tags = new OpusTags("v").Add(new OpusPicture(OpusPictureType.FrontCover, "image/png", new byte[10]));
        var bytes = new MemoryStream();
        OggOpusTagEditor.Copy(new MemoryStream(Pcm.Encode(Signals.Voice(48_000), Mono48)), bytes, _ => tags);
        var finding = Assert.Single(VoiceProfile.Telegram.Check(VoiceMessage.FromBytes(bytes.ToArray())));
        Assert.Equal(
            (VoiceProfileSeverity.Warning, VoiceProfileRule.Tags, VoiceFitAction.Retag),
            (finding.Severity, finding.Rule, finding.Remedy));
        Assert.Contains("Telegram shows none on a voice note", finding.Message);
        Assert.Contains("TDLib", finding.Source);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Opposite_channels_do_not_vanish_where_a_platform_takes_one()
    {
        var mono = Signals.Voice(96_000);
        float[] opposite = [.. mono.SelectMany(sample => new[] { sample, -sample })];
        var options = new VoiceEncodingOptions
        {
            Channels = 2,
            Encoder = new OpusEncoderOptions { Channels = 2, Bitrate = 96_000, Application = OpusApplication.Audio },
        };
        var message = await VoiceMessage.EncodeAsync(opposite, Stereo48, Codec, options);
        var fit = await VoiceProfile.Telegram.FitAsync(message, Codec);
        var heard = Pcm.Decode(BytesOf(fit.Message));
        Assert.InRange(heard.Max(Math.Abs), 0.5f * mono.Max(Math.Abs), 2);
    }

    [Fact]
    public async Task IMessage_gets_CAF_at_24_kHz()
    {
        var message = await VoiceMessage.EncodeAsync(Speech, Mono16, Codec, VoiceProfile.IMessage.ToEncodingOptions());
        var file = message.ToFile(VoiceProfile.IMessage);
        Assert.Equal("caff"u8.ToArray(), file[..4]);
        Assert.Equal(24_000, System.Buffers.Binary.BinaryPrimitives.ReadDoubleBigEndian(file.AsSpan(20)));
        Assert.Equal(Pcm.Decode(BytesOf(message)), Pcm.Decode(file));
        using var upload = message.ToHttpContent(VoiceProfile.IMessage);
        Assert.Contains("caff", System.Text.Encoding.Latin1.GetString(await upload.ReadAsByteArrayAsync()));
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.caf"], file);
        Assert.Contains(
            "opus", Oracle.Run("ffprobe", "-v", "error", "-show_entries", "stream=codec_name", folder["a.caf"]).Output);

        using var louder = new MemoryStream();
        using (var input = message.OpenRead())
            VoiceKit.Editing.OpusEditor.Amplify(input, louder, 3);
        var gained = VoiceMessage.FromBytes(louder.ToArray());
        Assert.Equal(VoiceProfileRule.Gain, Assert.Single(VoiceProfile.IMessage.Check(gained)).Rule);
        Assert.Equal(0, (await VoiceProfile.IMessage.FitAsync(gained, Codec)).Message.Info.Head.OutputGain);
    }

    [Fact]
    public async Task Headers_alone_are_a_matter_of_tags()
    {
        var message = await VoiceMessage.EncodeAsync(Speech, Mono16, Codec, VoiceProfile.WhatsApp.ToEncodingOptions());
        var fit = await VoiceProfile.WhatsApp.FitAsync(message);
        using var other = new MemoryStream();
        OggOpusTagEdit.Copy(fit.Message.OpenRead(), other, tags => new OpusTags("libopus", tags.Comments));
        var again = await VoiceProfile.WhatsApp.FitAsync(VoiceMessage.FromBytes(other.ToArray()));
        Assert.Equal((VoiceFitAction.Retag, 0), (again.Action, again.Remaining.Count));
        Assert.Equal(Pcm.PacketsOf(BytesOf(fit.Message)), Pcm.PacketsOf(BytesOf(again.Message)));
    }

    [Fact]
    public async Task Wide_or_long_frames_are_encoded_again_for_WhatsApp()
    {
        var rich = new OpusEncoderOptions { Bitrate = 64_000 };
        var wide = await VoiceMessage.EncodeAsync(
            Signals.Voice(96_000), Mono48, Codec, new VoiceEncodingOptions { Encoder = rich });
        var slow = new OpusEncoderOptions { Bitrate = 16_000, PacketDuration = TimeSpan.FromMilliseconds(60) };
        var lengthy = await VoiceMessage.EncodeAsync(Speech, Mono16, Codec, new VoiceEncodingOptions { Encoder = slow });
        foreach (var (message, rule) in new[] { (wide, VoiceProfileRule.Bandwidth), (lengthy, VoiceProfileRule.FrameDuration) })
        {
            Assert.Contains(VoiceProfile.WhatsApp.Check(message), finding => finding.Rule == rule);
            var without = await VoiceProfile.WhatsApp.FitAsync(message);
            Assert.Contains(without.Remaining, finding => finding.Rule == rule);
            var fit = await VoiceProfile.WhatsApp.FitAsync(message, Codec);
            Assert.Equal((VoiceFitAction.Reencode, 0), (fit.Action, fit.Remaining.Count));
            Assert.Equal(message.Info.Samples + 208, fit.Message.Info.Samples);
        }
    }

    [Fact]
    public async Task A_message_that_is_too_large_is_encoded_smaller_if_that_helps()
    {
        var message = await VoiceMessage.EncodeAsync(
            Signals.Voice(48_000 * 8), Mono48, Codec, new VoiceEncodingOptions
            {
                Encoder = new OpusEncoderOptions { Bitrate = 64_000 },
            });
        var small = VoiceProfile.Telegram with { MaxSize = 18_000 };
        Assert.Equal(VoiceProfileRule.Size, Assert.Single(small.Check(message)).Rule);
        Assert.False((await small.FitAsync(message)).IsAccepted);
        var fit = await small.FitAsync(message, Codec);
        Assert.Equal((VoiceFitAction.Reencode, true), (fit.Action, fit.IsAccepted));
        Assert.InRange(fit.Message.Size, 9000, 18_000);
        Assert.Equal(message.Duration, fit.Message.Duration);

        var hopeless = await (small with { MaxSize = 3000 }).FitAsync(message, Codec);
        Assert.Equal((VoiceFitAction.None, false), (hopeless.Action, hopeless.IsAccepted));
        Assert.Same(message, hopeless.Message);

        var icon = VoiceProfile.Telegram with { PlayableSize = 18_000 };
        Assert.Equal(VoiceProfileSeverity.Warning, Assert.Single(icon.Check(message)).Severity);
        Assert.Empty((await icon.FitAsync(message, Codec)).Remaining);
    }

    [Fact]
    public async Task A_damaged_message_gets_a_new_container()
    {
        var whole = Pcm.Encode(Signals.Voice(48_000 * 5), Mono48);
        var damaged = whole.ToArray();
        damaged[whole.Length / 2] ^= 1;
        var message = VoiceMessage.FromBytes(damaged);
        Assert.Equal(VoiceProfileRule.Container, Assert.Single(VoiceProfile.Telegram.Check(message)).Rule);
        var fit = await VoiceProfile.Telegram.FitAsync(message);
        Assert.Equal((VoiceFitAction.Remux, 0), (fit.Action, fit.Remaining.Count));
        Assert.Equal(0, fit.Message.Info.DefectCount);
    }

    [Fact]
    public async Task A_time_that_does_not_begin_at_0_is_made_to()
    {
        var message = VoiceMessage.FromBytes(StartLater(Pcm.Encode(Signals.Voice(48_000 * 3), Mono48), 480_000));
        var finding = Assert.Single(VoiceProfile.WhatsApp.Check(message), finding => finding.Rule == VoiceProfileRule.Container);
        Assert.Contains("begin at 0", finding.Message);
        var fit = await VoiceProfile.Telegram.FitAsync(message);
        Assert.Equal((VoiceFitAction.Remux, 0), (fit.Action, fit.Remaining.Count));
    }

    [Fact]
    public async Task Joined_messages_become_one_stream()
    {
        var one = await VoiceMessage.EncodeAsync(Speech, Mono16, Codec);
        var joined = await VoiceMessage.JoinAsync([one, one]);
        Assert.Empty(VoiceProfile.Generic.Check(joined));
        Assert.Equal(VoiceProfileRule.Chain, Assert.Single(VoiceProfile.Discord.Check(joined)).Rule);
        var fit = await VoiceProfile.Discord.FitAsync(joined, Codec);
        Assert.Equal((VoiceFitAction.Reencode, 0, 1), (fit.Action, fit.Remaining.Count, fit.Message.Info.LinkCount));
        Assert.Equal(joined.Duration, fit.Message.Duration);
    }

    [Fact]
    public async Task Signal_takes_no_opus_and_says_so()
    {
        var message = await VoiceMessage.EncodeAsync(Speech, Mono16, Codec);
        var finding = Assert.Single(VoiceProfile.Signal.Check(message));
        Assert.Equal((VoiceProfileSeverity.Error, VoiceProfileRule.Codec), (finding.Severity, finding.Rule));
        Assert.Contains("audio/aac", finding.Message);
        var fit = await VoiceProfile.Signal.FitAsync(message, Codec);
        Assert.Equal((VoiceFitAction.None, false), (fit.Action, fit.IsAccepted));
        Assert.Same(message, fit.Message);
    }

    [Fact]
    public async Task Silence_that_is_nothing_and_length_that_is_unusual_are_told()
    {
        var empty = VoiceMessage.FromBytes(Pcm.Encode([], Mono48));
        Assert.Contains(VoiceProfile.Generic.Check(empty), finding => finding.Rule == VoiceProfileRule.Empty);
        var message = await VoiceMessage.EncodeAsync(Speech, Mono16, Codec);
        var shorter = VoiceProfile.Matrix with { MaxDuration = TimeSpan.FromSeconds(5) };
        var finding = Assert.Single(shorter.Check(message));
        Assert.Equal((VoiceProfileRule.Duration, VoiceProfileSeverity.Advice), (finding.Rule, finding.Severity));
        Assert.Equal(VoiceFitAction.None, (await shorter.FitAsync(message, Codec)).Action);
    }

    [Fact]
    public async Task Broken_messages_never_make_a_profile_fail()
    {
        var random = new Random(20261121);
        var whole = Pcm.Encode(Signals.Voice(24_000), Mono48);
        for (var i = 0; i < 150; i++)
        {
            VoiceMessage message;
            try
            {
                message = VoiceMessage.FromBytes(Mutation.Of(whole, random));
            }
            catch (VoiceFormatException)
            {
                continue;
            }

            var fit = await VoiceProfile.WhatsApp.FitAsync(message);
            Assert.All(fit.Remaining, finding => Assert.NotEmpty(finding.Message));
        }
    }

    [Fact]
    public void Names_are_found_and_media_types_are_to_the_letter()
    {
        Assert.All(VoiceProfile.All, profile => Assert.Same(profile, VoiceProfile.Find(profile.Name.ToUpperInvariant())));
        Assert.Null(VoiceProfile.Find("fax"));
        Assert.Equal("audio/ogg; codecs=opus", VoiceProfile.WhatsApp.MimeType);
        Assert.Equal("audio/ogg", VoiceProfile.Telegram.MimeType);
        Assert.StartsWith("audio/", VoiceProfile.Discord.MimeType);
        Assert.Equal([64, 64, 100, 60, 60, 60, 0, 0, 0], VoiceProfile.All.Select(
            profile => profile.WaveformCountFor(TimeSpan.FromSeconds(6))));
    }

    internal static byte[] BytesOf(VoiceMessage message)
    {
        using var stream = message.OpenRead();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[] StartLater(byte[] file, long samples)
    {
        var result = file.ToArray();
        var page = 0;
        for (int at = 0, size; at < file.Length; at += size, page++)
        {
            int segments = file[at + 26];
            size = 27 + segments + file.AsSpan(at + 27, segments).ToArray().Sum(value => value);
            if (page < 2)
                continue;
            BitConverter.TryWriteBytes(result.AsSpan(at + 6), BitConverter.ToInt64(result, at + 6) + samples);
            VoiceKit.Tests.Ogg.OggBytes.Seal(result[at..(at + size)]).CopyTo(result, at);
        }

        return result;
    }
}
