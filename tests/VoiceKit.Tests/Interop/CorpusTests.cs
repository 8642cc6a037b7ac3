using System.Globalization;
using VoiceKit.Containers;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Interop;

/// <summary>Files by other programs, read by us, opusdec, libopusfile and ffmpeg.</summary>
public class CorpusTests
{
    public static TheoryData<string> OggFiles => [.. Corpus.NamesOf(OpusContainer.Ogg)];

    public static TheoryData<string> OtherFiles =>
        [.. new[] { OpusContainer.WebM, OpusContainer.Mp4, OpusContainer.Caf }.SelectMany(Corpus.NamesOf)];

    public static TheoryData<string> ChromiumFiles => [.. BrowserRecording.All.Select(recording => recording.Name)];

    [Theory]
    [MemberData(nameof(OggFiles))]
    public void Ogg_file_reads_as_with_opusdec_libopusfile_and_ffmpeg(string name)
    {
        var file = Corpus.Get(name);
        using var folder = new TemporaryFolder();
        var path = folder["a.opus"];
        File.WriteAllBytes(path, file.Data);

        var ours = Pcm.Decode(file.Data);
        using var stream = new MemoryStream(file.Data);
        var info = OpusInfo.Read(stream);
        Assert.Empty(info.Defects);
        Assert.Equal(info.Samples * info.Head.Channels, ours.Length);

        using var opusFile = new LibOpusFile(file.Data);
        Assert.Equal((opusFile.Samples, opusFile.LinkCount), (info.Samples, info.LinkCount));
        Pcm.AssertClose("libopusfile", opusFile.ReadToEnd(), ours);
        Pcm.AssertClose("opusdec", Oracle.OpusDec(path), ours);

        // ffmpeg skips nothing at the start of a later link, and takes its granule positions for the whole time line.
        if (info.LinkCount > 1)
            return;
        Pcm.AssertClose("ffmpeg", FfmpegWithLibOpus(path, info.Head.Channels), ours);

        // What is copied may start a little later than at 0, which ffprobe counts.
        if (!name.Contains("-c copy", StringComparison.Ordinal))
            Assert.Equal((info.Samples + info.Head.PreSkip) / 48_000.0, Duration(path), 1e-6);
    }

    /// <summary>Chromium's time stamps come from a clock; ffmpeg makes granule positions of them that jump to and fro.</summary>
    [Theory]
    [MemberData(nameof(ChromiumFiles))]
    public void Recording_by_Chromium_copied_to_Ogg_loses_nothing(string name)
    {
        using var folder = new TemporaryFolder();
        var path = folder["a.opus"];
        File.WriteAllBytes(folder["in"], BrowserRecording.Get(name).Load());
        Oracle.Run("ffmpeg", "-v", "error", "-i", folder["in"], "-c", "copy", path);
        var data = File.ReadAllBytes(path);
        Pcm.AssertClose("opusdec", Oracle.OpusDec(path), Pcm.Decode(data));
        using var stream = new MemoryStream(data);
        var info = OpusInfo.Read(stream);
        Assert.All(info.Defects, defect => Assert.Equal(OpusDefectKind.BadGranule, defect.Kind));
        Assert.Equal(Pcm.PacketsOf(data).Length * 2880L - info.Head.PreSkip, info.Samples);
    }

    [Theory]
    [MemberData(nameof(OtherFiles))]
    public void File_in_another_container_is_what_it_is_said_to_be(string name)
    {
        var file = Corpus.Get(name);
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a"], file.Data);
        var demuxer = file.Container switch { OpusContainer.WebM => "matroska", OpusContainer.Mp4 => "mov", _ => "caf" };
        Assert.Contains(FfmpegWithLibOpus(folder["a"], 1, "-f", demuxer), sample => Math.Abs(sample) > 0.002f);
    }

    private static float[] FfmpegWithLibOpus(string path, int channels, params string[] input)
    {
        var count = channels.ToString(CultureInfo.InvariantCulture);
        string[] output = ["-ac", count, "-ar", "48000", "-f", "f32le", "-"];
        var (raw, _) = Oracle.RunPiped("ffmpeg", null, ["-v", "error", "-c:a", "libopus", .. input, "-i", path, .. output]);
        return Oracle.Floats(raw);
    }

    private static double Duration(string path)
    {
        var (seconds, _) = Oracle.Run("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path);
        return double.Parse(seconds, CultureInfo.InvariantCulture);
    }
}
