using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.Conformance;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Containers;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Interop;

/// <summary>Our WebM and Ogg in Chromium, and what its recordings become.</summary>
[Collection("browser")]
public class BrowserRemuxTests(BrowserFixture fixture)
{
    private const int SamplesPerMillisecond = 48;

    // Chromium rounds CodecDelay to milliseconds: 6.5 ms (312 samples) are 7 to it, and 24 samples less are heard.
    // What is trimmed at the end it trims to the sample.
    [Theory]
    [InlineData(20, 1, 70_001)]
    [InlineData(60, 1, 48_000)]
    [InlineData(20, 2, 20_000)]
    [InlineData(2.5, 1, 30_001)]
    public async Task Our_WebM_decodes_in_Chromium_as_our_Ogg_with_us(double milliseconds, int channels, int frames)
    {
        var ogg = Encode(milliseconds, channels, frames);
        var ours = Pcm.Decode(ogg);
        Pcm.AssertClose("Ogg", ours, (await (await fixture.GetAsync()).DecodeAsync(ogg)).Samples);

        var preSkip = OpusDump.Of(ogg).Head.PreSkip;
        var rounded = (int)Math.Round((double)preSkip / SamplesPerMillisecond, MidpointRounding.AwayFromZero);
        var less = rounded * SamplesPerMillisecond - preSkip;
        Assert.InRange(less, 0, SamplesPerMillisecond / 2);
        Pcm.AssertClose("WebM", ours[(less * channels)..], (await (await fixture.GetAsync()).DecodeAsync(ToWebM(ogg))).Samples);
    }

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(2, 60_000)]
    public async Task Audio_element_plays_our_WebM_to_its_end(int channels, int frames)
    {
        var played = await (await fixture.GetAsync()).PlayAsync(ToWebM(Encode(20, channels, frames)), BrowserRecording.WebM);
        Assert.True(played.Ended);

        // The Duration of the file, in ms, is what is heard.
        Assert.Equal(frames / 48_000.0, played.Duration!.Value, 1e-3);
    }

    [Theory]
    [InlineData(BrowserRecording.WebM)]
    [InlineData(BrowserRecording.Mp4)]
    public async Task Recording_becomes_an_Ogg_message_that_holds_the_voice(string mimeType)
    {
        var recording = (await (await fixture.GetAsync()).RecordAsync(mimeType, 1.2, timeslice: 300)).Data;
        using var output = new MemoryStream();
        var report = OpusEditor.Remux(new MemoryStream(recording), output, OpusContainer.Ogg);
        var ogg = output.ToArray();
        Assert.Equal(mimeType == BrowserRecording.WebM ? OpusContainer.WebM : OpusContainer.Mp4, report.Source);
        Assert.Equal(0, report.LostSamples);

        // A busy machine makes Chromium lose sound, which its times then tell.
        Assert.All(report.Defects, defect => Assert.Equal(OpusDefectKind.BadTimestamp, defect.Kind));
        Assert.True(report.DefectCount == 0 || HasGap(recording), string.Join("\n", report.Defects));

        var heard = Pcm.Decode(ogg);
        Assert.True(Pcm.Decode(recording).AsSpan().SequenceEqual(heard), "The samples differ.");
        Assert.Equal(OpusDump.Of(recording).Packets, OpusDump.Of(ogg).Packets);

        // As much of the voice as Chromium itself finds in what it has recorded, which is less where the machine was busy.
        var recorded = await (await fixture.GetAsync()).DecodeAsync(recording);
        var voice = VoiceFinder.Find([.. recorded.Samples.Where((_, i) => i % recorded.Channels == 0)], BrowserFixture.Voice);
        Assert.InRange(VoiceFinder.Find(heard, BrowserFixture.Voice), voice - 0.05, 1.01);
        Assert.InRange(heard.Length, 1, 5 * 48_000);

        var check = OggOpusCheck.Run(new MemoryStream(ogg));
        Assert.True(check.IsConforming, string.Join("\n", check.Findings));
        Pcm.AssertClose("Chromium", heard, (await (await fixture.GetAsync()).DecodeAsync(ogg)).Samples);
        Assert.True((await (await fixture.GetAsync()).PlayAsync(ogg, "audio/ogg;codecs=opus")).Ended);
    }

    // Whether ffprobe sees packets that do not follow one another.
    private static bool HasGap(byte[] recording)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["recording"], recording);
        var (said, _) = Oracle.Run(
            "ffprobe", "-v", "error", "-show_entries", "packet=pts_time", "-of", "csv=p=0", folder["recording"]);
        var times = said.Split(',', '\n').Where(text => text.Length > 0).Select(
            text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var steps = times.Zip(times.Skip(1), (before, after) => after - before).Order().ToArray();
        return steps.Length == 0 || steps[^1] - steps[0] > 0.002;
    }

    private static byte[] Encode(double milliseconds, int channels, int frames)
    {
        var encoder = new OpusEncoderOptions { PacketDuration = TimeSpan.FromMilliseconds(milliseconds) };
        var options = new VoiceEncodingOptions { Channels = channels, Encoder = encoder };
        return Pcm.Encode(Signals.Voice(frames, OpusRates.Full, channels), new AudioFormat(OpusRates.Full, channels), options);
    }

    private static byte[] ToWebM(byte[] ogg)
    {
        using var output = new MemoryStream();
        OpusEditor.Remux(new MemoryStream(ogg), output, OpusContainer.WebM);
        return output.ToArray();
    }
}
