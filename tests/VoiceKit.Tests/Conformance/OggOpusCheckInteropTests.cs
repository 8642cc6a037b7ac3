using VoiceKit.Audio;
using VoiceKit.Conformance;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Interop;
using VoiceKit.Tests.Ogg;
using VoiceKit.Tests.Support;
using Rule = VoiceKit.Conformance.OggOpusCheckRule;

namespace VoiceKit.Tests.Conformance;

/// <summary>What the check says of the files of other programs, and what opusinfo says of files that break a rule.</summary>
public class OggOpusCheckInteropTests
{
    [Theory]
    [InlineData("")]
    [InlineData("--framesize 2.5")]
    [InlineData("--framesize 60 --speech --bitrate 12")]
    [InlineData("--hard-cbr --bitrate 16 --speech")]
    [InlineData("--hard-cbr --bitrate 256")]
    [InlineData("--max-delay 20 --comment A=B --title ü")]
    public void Opusenc_writes_conforming_files(string arguments)
    {
        using var folder = new TemporaryFolder();
        MakeWav(folder["a.wav"], 2, 48_000 * 4 + 17);
        Oracle.Run("opusenc", ["--quiet", .. Split(arguments), folder["a.wav"], folder["a.opus"]]);
        Assert.Empty(Check(folder["a.opus"]).Findings);
    }

    [Theory]
    [InlineData("png")]
    [InlineData("jpg")]
    [InlineData("gif")]
    public void Pictures_of_opusenc_are_what_they_say(string format)
    {
        using var folder = new TemporaryFolder();
        MakeWav(folder["a.wav"], 1, 48_000);
        Oracle.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=64x48", "-frames:v", "1", folder["a." + format]);
        Oracle.Run("opusenc", "--quiet", "--picture", folder["a." + format], folder["a.wav"], folder["a.opus"]);
        Assert.Empty(Check(folder["a.opus"]).Findings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-frame_duration 2.5")]
    [InlineData("-frame_duration 120 -application voip -b:a 12k")]
    [InlineData("-page_duration 20000 -metadata title=ü")]
    [InlineData("-vbr off -ar 16000 -ac 1")]
    public void Ffmpeg_writes_conforming_files(string arguments)
    {
        using var folder = new TemporaryFolder();
        MakeWav(folder["a.wav"], 2, 48_000 * 4 + 17);
        Oracle.Run("ffmpeg", ["-v", "error", "-i", folder["a.wav"], "-c:a", "libopus", .. Split(arguments), folder["a.opus"]]);
        Assert.Empty(Check(folder["a.opus"]).Findings);
    }

    [Fact]
    public void Surround_of_ffmpeg_and_opusenc_conforms()
    {
        using var folder = new TemporaryFolder();
        Oracle.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "anoisesrc=d=2:c=pink", "-ac", "6", folder["a.wav"]);
        Oracle.Run("ffmpeg", "-v", "error", "-i", folder["a.wav"], "-c:a", "libopus", folder["a.opus"]);
        Oracle.Run("ffmpeg", "-v", "error", "-i", folder["a.wav"], "-c:a", "libopus", "-mapping_family", "255", folder["b.opus"]);
        Oracle.Run("opusenc", "--quiet", folder["a.wav"], folder["c.opus"]);
        Assert.Empty(Check(folder["a.opus"]).Findings);
        Assert.Equal([Rule.HeadFamily], RulesOf(Check(folder["b.opus"])));
        Assert.Empty(Check(folder["c.opus"]).Findings);
    }

    // ffmpeg 5.1 counts granule positions from where the input was cut: the first page holds more samples than it counts, which
    // RFC 7845 §4.5 forbids.
    [Fact]
    public void Cutting_with_ffmpeg_breaks_the_rule_of_the_first_granule_position()
    {
        using var folder = new TemporaryFolder();
        LibOpusEnc.Encode(folder["a.opus"], Signals.Voice(48_000 * 4), 1);
        Oracle.Run("ffmpeg", "-v", "error", "-ss", "1.03", "-i", folder["a.opus"], "-c", "copy", folder["b.opus"]);
        Assert.Equal([Rule.FirstGranuleShort], RulesOf(Check(folder["b.opus"])));
        Assert.NotEmpty(Oracle.Warnings(folder["b.opus"]));
    }

    // GStreamer ends the OpusTags with Vorbis's framing bit, which §5.2 says is not there; it counts as data behind the comments.
    [Theory]
    [InlineData("")]
    [InlineData("frame-size=60 dtx=true")]
    [InlineData("bitrate-type=cbr bitrate=32000")]
    public void GStreamer_writes_conforming_files_with_a_framing_bit(string arguments)
    {
        using var folder = new TemporaryFolder();
        Oracle.Run(
            "gst-launch-1.0",
            [
                "-q", "audiotestsrc", "num-buffers=150", "!", "audioconvert", "!", "opusenc", .. Split(arguments), "!",
                "oggmux", "!", "filesink", "location=" + folder["a.opus"],
            ]);
        var report = Check(folder["a.opus"]);
        Assert.True(report.IsConforming, string.Join('\n', report.Findings));
        Assert.Equal([Rule.TagsData], RulesOf(report));
    }

    [Fact]
    public void Libopusenc_and_our_writer_write_conforming_files()
    {
        using var folder = new TemporaryFolder();
        foreach (var frames in new[] { 1, 300, 960, 48_000, 48_000 * 3 + 7 })
        {
            LibOpusEnc.Encode(folder["a.opus"], Signals.Voice(frames), 1);
            Assert.Empty(Check(folder["a.opus"]).Findings);
        }

        foreach (var duration in new[] { 2.5, 20, 60, 120 })
        foreach (var dtx in new[] { false, true })
        {
            var encoder = new OpusEncoderOptions { PacketDuration = TimeSpan.FromMilliseconds(duration), UseDtx = dtx };
            var options = new VoiceEncodingOptions { Encoder = encoder, Comments = [new("TITLE", "ü")] };
            var pcm = new PcmReader(new float[48_000 * 2], new AudioFormat(48_000, 1));
            using (var output = File.Create(folder["b.opus"]))
                new VoiceEncoder(LibOpusCodec.Default).Encode(pcm, output, options);
            Assert.Empty(Check(folder["b.opus"]).Findings);
        }
    }

    [Fact]
    public void Chains_conform_when_serial_numbers_differ()
    {
        using var folder = new TemporaryFolder();
        LibOpusEnc.Encode(folder["a.opus"], Signals.Voice(48_000), 1);
        LibOpusEnc.Encode(folder["b.opus"], Signals.Voice(48_000, 48_000, 2), 2);
        byte[] chain = [.. File.ReadAllBytes(folder["a.opus"]), .. File.ReadAllBytes(folder["b.opus"])];
        var report = OggOpusCheck.Run(new MemoryStream(chain));
        Assert.Empty(report.Findings);
        Assert.Equal(2, report.OpusStreamCount);
    }

    // opusinfo 0.2 passes over these; each of the others it warns of in a file that breaks it.
    [Fact]
    public void Opusinfo_is_silent_about_some_rules_and_knows_none_that_are_missed()
    {
        using var folder = new TemporaryFolder();
        var warned = new HashSet<Rule>();
        foreach (var item in OggOpusCheckCases.All)
        {
            File.WriteAllBytes(folder["a.opus"], item.File);
            if (Oracle.Warnings(folder["a.opus"]) is not [])
                warned.UnionWith(item.Expected.Select(expected => expected.Rule));
        }

        Rule[] silent =
        [
            Rule.PageFlags, Rule.PageEmpty, Rule.ContinuedWithoutStart, Rule.ParallelStreams, Rule.TooManyStreams,
            Rule.HeadMapping, Rule.HeadFamily, Rule.PreSkipCropped, Rule.InputRate, Rule.OutputGain, Rule.TagsNotAlone,
            Rule.VendorEmpty,
            Rule.CommentNameEmpty,
            Rule.R128Repeated,
            Rule.R128Format,
            Rule.ReplayGain,
            Rule.CommentFarBehind,
            Rule.TagsTooLarge,
            Rule.TagsData, Rule.TagsPadding, Rule.HeaderGranule, Rule.GranuleMissing, Rule.GranuleNegative, Rule.GranuleAbsurd,
            Rule.StartLate, Rule.PacketOversized, Rule.PacketPadding,
        ];
        Assert.Equal(silent, Enum.GetValues<Rule>().Except(warned));
    }

    private static OggOpusCheckReport Check(string path)
    {
        using var file = File.OpenRead(path);
        return OggOpusCheck.Run(file);
    }

    private static Rule[] RulesOf(OggOpusCheckReport report) => [.. report.Findings.Select(finding => finding.Rule)];

    private static void MakeWav(string path, int channels, int frames)
    {
        using var writer = new WavWriter(File.Create(path), new AudioFormat(48_000, channels));
        writer.Write(Signals.Voice(frames, 48_000, channels));
    }

    private static string[] Split(string arguments) => arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
