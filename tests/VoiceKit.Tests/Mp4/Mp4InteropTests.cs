using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Mp4;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Mp4;

public class Mp4InteropTests
{
    public static TheoryData<string> Flags =>
    [
        "",
        "-movflags +faststart",
        "-movflags frag_keyframe+empty_moov -frag_duration 300000",
        "-movflags frag_keyframe -frag_duration 300000",
        "-movflags frag_keyframe+delay_moov -frag_duration 300000",
        "-movflags cmaf -frag_duration 300000",
        "-movflags dash -frag_duration 300000",
        "-movflags empty_moov+default_base_moof -frag_size 2000",
    ];

    public static TheoryData<string> FrameDurations => ["2.5", "5", "10", "20", "40", "60", "80", "120"];

    [Theory]
    [MemberData(nameof(Flags))]
    public void Files_by_ffmpeg_hold_the_packets_and_trims_of_the_Ogg_file(string flags) => Compare(flags, "20");

    [Theory]
    [MemberData(nameof(FrameDurations))]
    public void Packets_of_any_duration_are_trimmed_as_in_the_Ogg_file(string milliseconds)
    {
        Compare("", milliseconds);
        Compare("-movflags cmaf -frag_duration 300000", milliseconds);
    }

    [Fact]
    public void Metadata_by_ffmpeg_becomes_tags()
    {
        using var folder = new TemporaryFolder();
        WriteWav(folder["in.wav"], 20_000);
        Oracle.Run("ffmpeg", [
            "-v",
            "error",
            "-i",
            folder["in.wav"],
            "-c:a",
            "libopus",
            "-metadata",
            "title=Tïtle",
            "-metadata",
            "artist=A",
            "-metadata",
            "date=2024",
            "-metadata", "comment=C", folder["a.mp4"],
        ]);
        using var reader = Mp4OpusReader.Open(File.OpenRead(folder["a.mp4"]));
        Assert.StartsWith("Lavf", reader.Tags.Vendor);
        Assert.Equal(
            ["ARTIST=A", "COMMENT=C", "DATE=2024", "TITLE=Tïtle"],
            reader.Tags.Comments.Select(comment => comment.ToString()).Order());
    }

    [Fact]
    public void Cut_by_ffmpeg_starts_where_its_edit_list_says()
    {
        using var folder = new TemporaryFolder();
        WriteWav(folder["in.wav"], 48_000 * 3);
        Oracle.Run("ffmpeg", "-v", "error", "-i", folder["in.wav"], "-c:a", "libopus", folder["a.mp4"]);
        Oracle.Run("ffmpeg", "-v", "error", "-ss", "1", "-i", folder["a.mp4"], "-c", "copy", folder["cut.mp4"]);
        using var reader = Mp4OpusReader.Open(File.OpenRead(folder["cut.mp4"]));
        var infos = Mp4Bytes.ReadAll(reader).Infos;

        // The movie's clock ticks in milliseconds.
        Assert.InRange(infos.Sum(info => info.Playable), 2 * 48_000 - 48, 2 * 48_000 + 48);
        Assert.InRange(infos.Sum(info => info.TrimStart), 313, 312 + 960);
        Assert.Equal(0, reader.DefectCount);
    }

    [Theory]
    [InlineData("mp4mux")]
    [InlineData("mp4mux fragment-duration=500")]
    [InlineData("mp4mux fragment-duration=500 streamable=true")]
    [InlineData("qtmux fragment-duration=500")]
    [InlineData("mp4mux faststart=true")]
    public void Files_by_GStreamer_play_as_long_as_the_input(string muxer)
    {
        const int frames = 100_001;
        using var folder = new TemporaryFolder();
        WriteWav(folder["in.wav"], frames);
        var path = folder["a.mp4"];
        Oracle.Run("gst-launch-1.0", [
            "-q",
            "filesrc",
            $"location={folder["in.wav"]}",
            "!",
            "wavparse",
            "!",
            "audioconvert",
            "!",
            "opusenc",
            "!",
            .. muxer.Split(' '),
            "!",
            "filesink", $"location={path}",
        ]);
        using var reader = Mp4OpusReader.Open(File.OpenRead(path));
        var (packets, infos) = Mp4Bytes.ReadAll(reader);

        // Its times leave out the pre-skip, and count in the file's rate: within a sample of 48 kHz here. Where its dOps is
        // little-endian, ffmpeg skips 0x3801 samples instead of 0x0138.
        Assert.InRange(infos.Sum(info => info.Playable), frames - 1, frames + 1);
        Assert.Equal(312, reader.Head.PreSkip);
        Assert.All(reader.Defects, defect => Assert.Equal(OpusDefectKind.BadHead, defect.Kind));
        Assert.Equal(Demux(path), packets.SelectMany(packet => packet));
    }

    private static void Compare(string flags, string milliseconds)
    {
        using var folder = new TemporaryFolder();
        WriteWav(folder["in.wav"], 100_001);
        var (ogg, mp4) = (folder["a.opus"], folder["a.mp4"]);
        Oracle.Run("ffmpeg", "-v", "error", "-i", folder["in.wav"], "-c:a", "libopus", "-frame_duration", milliseconds, ogg);
        string[] options = flags.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Oracle.Run("ffmpeg", ["-v", "error", "-i", ogg, "-c", "copy", .. options, mp4]);

        using var expected = OggOpusReader.Open(File.OpenRead(ogg));
        using var reader = Mp4OpusReader.Open(File.OpenRead(mp4), new OpusReaderOptions { Strict = true });
        Assert.Equal((expected.Head.PreSkip, expected.Head.Channels), (reader.Head.PreSkip, reader.Head.Channels));
        var (packets, infos) = Mp4Bytes.ReadAll(reader);
        var (oggPackets, oggInfos) = Mp4Bytes.ReadAll(expected);
        Assert.Equal(oggPackets, packets);
        Assert.Equal(oggInfos, infos);
        Assert.Equal(100_001, reader.Position);
        Assert.Equal(Demux(mp4), packets.SelectMany(packet => packet));

        // ffmpeg drops the pre-skip, once, although both dOps and the edit list tell it; but not what the last sample lasts
        // shorter than its packet, which "Encapsulation of Opus in ISO Base Media File Format" §4.4 has trimmed.
        Assert.Equal(infos.Sum(info => info.Duration) - expected.Head.PreSkip, Oracle.Ffmpeg(mp4).Length);
    }

    private static byte[] Demux(string path) =>
        Oracle.RunPiped("ffmpeg", null, "-v", "error", "-i", path, "-map", "0:a", "-c", "copy", "-f", "data", "-").Output;

    private static void WriteWav(string path, int frames)
    {
        using var writer = new WavWriter(File.Create(path), new AudioFormat(48_000, 1));
        writer.Write(Signals.Voice(frames));
    }
}
