using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Ogg;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Interop;

/// <summary>Our files played by Chromium, and its recordings.</summary>
[Collection("browser")]
public class BrowserTests(BrowserFixture fixture)
{
    public static TheoryData<string> KeptRecordings => [.. BrowserRecording.All.Select(recording => recording.Name)];

    [Fact]
    public async Task Chromium_records_WebM_and_MP4_but_no_Ogg()
    {
        var browser = await fixture.GetAsync();
        string[] types = [BrowserRecording.WebM, BrowserRecording.Mp4, "audio/webm", "audio/mp4", "audio/ogg;codecs=opus"];
        var supported = await browser.SupportsAsync(types);
        Assert.Equal([true, true, true, true, false], supported);
    }

    [Theory]
    [InlineData(2.5, 1, 48_000, 100_001)]
    [InlineData(20, 1, 48_000, 1)]
    [InlineData(20, 2, 48_000, 48_649)]
    [InlineData(20, 1, 16_000, 40_001)]
    [InlineData(60, 1, 16_000, 20_000)]
    [InlineData(60, 2, 48_000, 100_001)]
    [InlineData(120, 1, 48_000, 48_000)]
    public async Task Our_files_decode_in_Chromium_as_with_us(double milliseconds, int channels, int rate, int frames)
    {
        var encoder = new OpusEncoderOptions { PacketDuration = TimeSpan.FromMilliseconds(milliseconds) };
        var options = new VoiceEncodingOptions { Channels = channels, Encoder = encoder };
        var file = Pcm.Encode(Signals.Voice(frames, rate, channels), new AudioFormat(rate, channels), options);
        Assert.Equal(frames * (48_000 / rate), (await DecodesAsWithUsAsync(file)).Frames);
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(3840, 0, 0, 0)]
    [InlineData(312, 0x180, 0, 0)]
    [InlineData(312, -0x180, 0, 0)]
    [InlineData(312, 0, 480_000, 0)]
    [InlineData(312, 0, 0, 700)]
    [InlineData(312, 0, 0, 5000)] // More than the last page holds, which is dropped and no more (§4.4).
    [InlineData(312, 0, 0, -1)] // No page is marked as the last.
    public async Task Pre_skip_gain_live_start_and_trim_mean_to_Chromium_what_they_mean_to_us(
        int preSkip, short gain, int liveStart, int trim)
    {
        var packets = Pcm.PacketsOf(Pcm.Encode(Signals.Voice(100_001), new AudioFormat(48_000, 1)));
        var bytes = new OggBytes().Head(preSkip, 1, 1, gain).Tags();
        var granule = (long)liveStart;
        var pages = packets.Chunk(50).ToArray();
        foreach (var page in pages)
        {
            granule += page.Length * OggBytes.PacketDuration;
            var isLast = page == pages[^1] && trim >= 0;
            bytes.Page(isLast ? OggPageFlags.EndOfStream : OggPageFlags.None, isLast ? granule - trim : granule, 1, page);
        }

        var decoded = await DecodesAsWithUsAsync(bytes.ToArray());
        var trimmed = Math.Clamp(trim, 0, pages[^1].Length * OggBytes.PacketDuration);
        Assert.Equal(packets.Length * OggBytes.PacketDuration - preSkip - trimmed, decoded.Frames);
    }

    /// <summary>Chromium's demuxer takes all links for one: from the second one on nothing is skipped.</summary>
    [Fact]
    public async Task Second_link_keeps_its_pre_skip_in_Chromium()
    {
        var first = Pcm.Encode(Signals.Voice(100_001), new AudioFormat(48_000, 1));
        var second = Pcm.Encode(Signals.Voice(50_001), new AudioFormat(48_000, 1));
        var ours = Pcm.Decode([.. first, .. second]);
        var theirs = await (await fixture.GetAsync()).DecodeAsync([.. first, .. second]);
        Assert.Equal(100_001 + 50_001, ours.Length);
        Assert.Equal(ours.Length + 312, theirs.Frames);
        Pcm.AssertClose("the first link", ours[..100_001], theirs.Samples[..100_001]);
    }

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(1, 100_001)]
    [InlineData(2, 60_000)]
    public async Task Audio_element_plays_our_files_to_their_end(int channels, int frames)
    {
        var file = Pcm.Encode(Signals.Voice(frames, 48_000, channels), new AudioFormat(48_000, channels));
        var played = await (await fixture.GetAsync()).PlayAsync(file, "audio/ogg;codecs=opus");
        Assert.True(played.Ended);

        // The element's clock is the granule position, in which the pre-skip counts; what is heard is shorter by that much.
        var expected = (frames + 312) / 48_000.0;
        Assert.Equal(expected, played.Duration!.Value, 1e-4);
        Assert.Equal(expected, played.CurrentTime, 1e-4);
    }

    [Fact]
    public async Task Tags_of_any_size_do_not_keep_Chromium_from_playing()
    {
        var options = new VoiceEncodingOptions { Comments = [new("COMMENT", new string('x', 200_000))] };
        var file = Pcm.Encode(Signals.Voice(48_000), new AudioFormat(48_000, 1), options);
        Assert.Equal(48_000, (await DecodesAsWithUsAsync(file)).Frames);
    }

    [Theory]
    [InlineData(BrowserRecording.WebM, null, null, 1)]
    [InlineData(BrowserRecording.WebM, 100, 0.2, 2)]
    [InlineData(BrowserRecording.Mp4, null, null, 1)]
    [InlineData(BrowserRecording.Mp4, 100, 0.2, 2)]
    public async Task Live_recording_holds_what_the_microphone_heard(string mimeType, int? timeslice, double? pause, int channels)
    {
        var recording = await (await fixture.GetAsync()).RecordAsync(mimeType, 1.2, timeslice, 24_000, pause, channels);
        Assert.Equal(mimeType, recording.Type);
        if (timeslice is null)
            Assert.Equal(1, recording.Chunks);
        else
            Assert.True(recording.Chunks > 1, $"{recording.Chunks} pieces");
        await HoldsTheVoiceAsync(recording.Data, mimeType, channels);
    }

    [Theory]
    [MemberData(nameof(KeptRecordings))]
    public async Task Kept_recording_holds_what_the_microphone_heard(string name)
    {
        var recording = BrowserRecording.Get(name);
        if (Environment.GetEnvironmentVariable("VOICEKIT_MAKE_FIXTURES") is not null)
            await recording.MakeAsync(await fixture.GetAsync());
        await HoldsTheVoiceAsync(recording.Load(), recording.MimeType, recording.Channels);
    }

    private async Task HoldsTheVoiceAsync(byte[] data, string mimeType, int channels)
    {
        using var folder = new TemporaryFolder();
        var path = folder["recording"];
        File.WriteAllBytes(path, data);
        var (probe, _) = Oracle.Run(
            "ffprobe", "-v", "error", "-show_entries", "stream=codec_name,channels:format=format_name", "-of", "csv=p=0", path);
        var container = mimeType == BrowserRecording.WebM ? "matroska,webm" : "mov,mp4,m4a,3gp,3g2,mj2";
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"opus,{channels}\n\"{container}\""), probe.TrimEnd());

        var heard = Mono(Oracle.Ffmpeg(path), channels);
        var likeness = VoiceFinder.Find(heard, BrowserFixture.Voice);
        Assert.True(likeness > 0.9, $"{likeness} of the voice in {heard.Length} samples");

        // Chromium decodes its own recording to the length that ffmpeg does.
        Assert.Equal(heard.Length, (await (await fixture.GetAsync()).DecodeAsync(data)).Frames);
    }

    private async Task<DecodeResult> DecodesAsWithUsAsync(byte[] file)
    {
        var theirs = await (await fixture.GetAsync()).DecodeAsync(file);
        Pcm.AssertClose("Chromium", Pcm.Decode(file), theirs.Samples);
        using var stream = new MemoryStream(file);
        Assert.Equal(OpusInfo.Read(stream).Samples, theirs.Frames);
        return theirs;
    }

    private static float[] Mono(float[] samples, int channels) =>
        [.. Enumerable.Range(0, samples.Length / channels).Select(frame => samples[frame * channels])];
}
