using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;
using VoiceKit.WebM;

namespace VoiceKit.Tests.WebM;

/// <summary>Files that other programs make, and what other programs make of ours.</summary>
public class WebMOpusInteropTests
{
    private const string Opusenc =
        "audiotestsrc num-buffers=150 samplesperbuffer=960 ! audio/x-raw,rate=48000,channels=1 ! opusenc";

    private static readonly OpusWriterOptions Fixed = new() { Serial = 5 };

    public static TheoryData<string, string> FfmpegFiles => new()
    {
        { "a.webm", "-frame_duration 2.5" },
        { "a.webm", "-frame_duration 10 -ac 2" },
        { "a.webm", "-frame_duration 20" },
        { "a.webm", "-frame_duration 60" },
        { "a.webm", "-frame_duration 120" },
        { "a.mka", "" },
        { "a.mka", "-ac 6" },
        { "a.webm", "-live 1" },
        { "a.webm", "-dash 1" },
        { "a.webm", "-cluster_time_limit 100" },
        { "a.mka", "-cluster_size_limit 600" },
    };

    public static TheoryData<string> GStreamerMuxers =>
    [
        "webmmux",
        "webmmux streamable=true",
        "matroskamux",
        "matroskamux streamable=true",
        "matroskamux min-cluster-duration=100000000",
    ];

    [Theory]
    [MemberData(nameof(FfmpegFiles))]
    public void Files_by_ffmpeg_are_read_as_ffmpeg_reads_them(string name, string arguments)
    {
        using var folder = new TemporaryFolder();
        var path = folder[name];
        Oracle.Run("ffmpeg", Split($"-v error -f lavfi -i sine=440:d=3.0123:r=48000 -c:a libopus {arguments} {path}"));
        CompareWithFfmpeg(path);
    }

    [Fact]
    public void Opus_beside_video_is_read_as_ffmpeg_reads_it()
    {
        using var folder = new TemporaryFolder();
        var path = folder["a.webm"];
        Oracle.Run(
            "ffmpeg",
            Split($"-v error -f lavfi -i testsrc=d=2 -f lavfi -i sine=440:d=2:r=48000 -c:v libvpx -b:v 1M -c:a libopus {path}"));
        CompareWithFfmpeg(path);
    }

    [Fact]
    public void A_piece_that_ffmpeg_cut_out_is_read_as_ffmpeg_reads_it()
    {
        using var folder = new TemporaryFolder();
        Oracle.Run("ffmpeg", Split($"-v error -f lavfi -i sine=440:d=3:r=48000 -c:a libopus {folder["a.webm"]}"));
        Oracle.Run("ffmpeg", Split($"-v error -ss 1.01 -i {folder["a.webm"]} -c copy {folder["b.webm"]}"));
        CompareWithFfmpeg(folder["b.webm"]);
    }

    [Theory]
    [MemberData(nameof(GStreamerMuxers))]
    public void Files_by_GStreamer_are_read_as_ffmpeg_reads_them(string muxer)
    {
        using var folder = new TemporaryFolder();
        var path = folder["a.mka"];
        Oracle.Run("gst-launch-1.0", Split($"-q {Opusenc} ! {muxer} ! filesink location={path}"));
        CompareWithFfmpeg(path);
    }

    [Fact]
    public void A_codec_delay_of_zero_beside_a_pre_skip_changes_nothing_for_ffmpeg_either()
    {
        using var folder = new TemporaryFolder();
        var (_, webm) = Encode(folder, 50_000);
        var data = File.ReadAllBytes(webm);
        byte[] start = [0x56, 0xAA, 0x83], none = [0xEC, 0x84, 0, 0, 0, 0];
        var delay = data.AsSpan(data.AsSpan().IndexOf(start), none.Length);
        none.CopyTo(delay);
        File.WriteAllBytes(folder["b.webm"], data);
        Assert.Equal(Oracle.Ffmpeg(webm), Oracle.Ffmpeg(folder["b.webm"]));
        Assert.Equal(50_000, MatroskaBytes.Read(data, strict: true).Position);
    }

    [Theory]
    [InlineData(648)]
    [InlineData(649)]
    [InlineData(960 * 2 - 312)]
    [InlineData(100_001)]
    [InlineData(48_000 * 12 + 7)]
    public void Ffmpeg_decodes_our_WebM_to_the_samples_of_the_Ogg_that_it_came_from(int frames)
    {
        using var folder = new TemporaryFolder();
        foreach (var canSeek in new[] { true, false })
        {
            var (ogg, webm) = Encode(folder, frames, canSeek);
            var expected = Oracle.Ffmpeg(ogg);
            Assert.Equal(frames, expected.Length);
            Assert.Equal(expected, Oracle.Ffmpeg(webm));
            Assert.Empty(Oracle.Run("ffprobe", "-v", "warning", "-show_packets", webm).Error);
        }
    }

    // Ffmpeg's Matroska demuxer makes of a DiscardPadding a "skip samples" of 0 at the start and so many at the end, which takes
    // the place of the skip that its decoder has from the OpusHead: where the first packet is the last one too, its pre-skip is
    // heard. It does so to files that it muxed itself.
    [Theory]
    [InlineData(1)]
    [InlineData(312)]
    [InlineData(647)]
    public void Ffmpeg_plays_the_pre_skip_of_a_single_packet_that_is_trimmed_and_all_else_is_the_same(int frames)
    {
        using var folder = new TemporaryFolder();
        var (ogg, webm) = Encode(folder, frames);
        var actual = Oracle.Ffmpeg(webm);
        Assert.Equal(312 + frames, actual.Length);
        Assert.Equal(Oracle.Ffmpeg(ogg), actual[312..]);
        Assert.Equal(frames, MatroskaBytes.Read(File.ReadAllBytes(webm), strict: true).Position);

        Oracle.Run("ffmpeg", Split($"-v error -i {ogg} -c:a libopus {folder["ffmpeg.webm"]}"));
        Assert.Equal(312 + frames, Oracle.Ffmpeg(folder["ffmpeg.webm"]).Length);
    }

    [Fact]
    public void Ffprobe_and_GStreamer_find_length_tags_and_index()
    {
        using var folder = new TemporaryFolder();
        var (_, webm) = Encode(folder, 48_000 * 12);
        var (output, error) = Oracle.Run("ffprobe", "-v", "warning", "-show_format", webm);
        Assert.Empty(error);
        Assert.Contains("duration=12.000000", output);
        Assert.Contains("TAG:TITLE=a title", output, StringComparison.OrdinalIgnoreCase);

        var raw = folder["gst.raw"];
        var pipeline = "matroskademux ! opusdec ! audio/x-raw,format=S16LE";
        Oracle.Run("gst-launch-1.0", Split($"-q filesrc location={webm} ! {pipeline} ! filesink location={raw}"));
        Assert.Equal(48_000 * 12, new FileInfo(raw).Length / sizeof(short));

        // From the index, ffmpeg gets to within a packet of where it was sent.
        var (rest, _) = Oracle.RunPiped("ffmpeg", null, Split($"-v error -ss 8 -i {webm} -f f32le -"));
        Assert.InRange(rest.Length / sizeof(float), 48_000 * 4 - 960, 48_000 * 4 + 960);
    }

    [Fact]
    public void Packets_go_from_Ogg_to_WebM_and_back_unchanged()
    {
        using var folder = new TemporaryFolder();
        var (ogg, webm) = Encode(folder, 48_000 * 7 + 123);
        using (var reader = WebMOpusReader.Open(File.OpenRead(webm)))
        using (var writer = new OggOpusWriter(File.Create(folder["b.ogg"]), reader.Head, reader.Tags, Fixed))
            CopyTo(reader, writer);
        Assert.Equal(File.ReadAllBytes(ogg), File.ReadAllBytes(folder["b.ogg"]));
        Assert.Empty(Oracle.Warnings(folder["b.ogg"]));
    }

    // The packets are those that ffmpeg demuxes, and what is heard is as long as what it decodes.
    private static void CompareWithFfmpeg(string path)
    {
        var result = MatroskaBytes.Read(File.ReadAllBytes(path), strict: true);
        var (packets, _) = Oracle.RunPiped("ffmpeg", null, Split($"-v error -i {path} -map 0:a -c copy -f data -"));
        Assert.Equal(packets, result.Packets.SelectMany(packet => packet).ToArray());
        var (sizes, _) = Oracle.Run("ffprobe", Split($"-v error -select_streams a -show_entries packet=size -of csv=p=0 {path}"));
        var lines = sizes.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd(','))
            .Where(line => line.Length > 0 && char.IsAsciiDigit(line[0]));
        Assert.Equal(lines, result.Packets.Select(packet => packet.Length.ToString(CultureInfo.InvariantCulture)));
        Assert.Equal(Oracle.Ffmpeg(path).Length / result.Head.Channels, result.Position);
    }

    private static (string Ogg, string WebM) Encode(TemporaryFolder folder, int frames, bool canSeek = true)
    {
        var (ogg, webm) = (folder["a.ogg"], folder["a.webm"]);
        var options = new VoiceEncodingOptions
        {
            Comments = [new("TITLE", "a title"), new("ARTIST", "Ann")],
            Container = Fixed,
        };
        using (var output = File.Create(ogg))
        {
            var pcm = new PcmReader(Signals.Voice(frames), new AudioFormat(48_000, 1));
            new VoiceEncoder(LibOpusCodec.Default).Encode(pcm, output, options);
        }

        using var reader = OggOpusReader.Open(File.OpenRead(ogg));
        using var file = File.Create(webm);
        using var forward = new ForwardStream(file);
        using var writer = new WebMOpusWriter(canSeek ? file : forward, reader.Head, reader.Tags);
        CopyTo(reader, writer);
        return (ogg, webm);
    }

    private static void CopyTo(IOpusPacketReader reader, IOpusPacketWriter writer)
    {
        var trimEnd = 0;
        while (reader.Read())
        {
            writer.WritePacket(reader.Packet);
            trimEnd = reader.PacketInfo.TrimEnd;
        }

        writer.Finish(trimEnd);
    }

    private static string[] Split(string arguments) => arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private sealed class ForwardStream(Stream target) : ForwardOnlyStream
    {
        public override bool CanWrite => true;

        public override void Write(ReadOnlySpan<byte> buffer) => target.Write(buffer);
    }
}
