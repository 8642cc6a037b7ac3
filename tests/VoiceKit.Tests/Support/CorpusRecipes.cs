using VoiceKit.Containers;
using VoiceKit.Opus;
using VoiceKit.Tests.Interop;

namespace VoiceKit.Tests.Support;

/// <summary>How to make a file of the corpus.</summary>
/// <param name="Container">What it is.</param>
/// <param name="How">The program and its settings.</param>
/// <param name="Input">What it encodes.</param>
/// <param name="Make">Makes it: the WAV file to read and the file to write.</param>
internal sealed record CorpusRecipe(OpusContainer Container, string How, CorpusInput Input, Action<string, string> Make)
{
    public string Name => $"{How} ({Input})";

    public string Extension => Container switch
    {
        OpusContainer.Ogg => ".opus",
        OpusContainer.WebM => ".webm",
        OpusContainer.Mp4 => ".mp4",
        _ => ".caf",
    };
}

/// <summary>All recipes of the corpus.</summary>
internal static class CorpusRecipes
{
    private const int SetBitrate = 4002;
    private const int SetMuxingDelay = 14_002;
    private const int SetCommentPadding = 14_004;
    private const int SetHeaderGain = 14_010;

    public static CorpusRecipe[] All { get; } =
    [
        .. OpusEnc(), .. Ffmpeg(), .. LibOpusEncoder(), .. GStreamerOgg(), .. Chains(), .. Remuxed(),
        .. OtherContainers(), .. Chromium(),
    ];

    private static IEnumerable<CorpusRecipe> OpusEnc()
    {
        string[] settings =
        [
            "", "--bitrate 6", "--bitrate 16 --speech", "--bitrate 128 --music", "--hard-cbr", "--cvbr", "--framesize 2.5",
            "--framesize 5", "--framesize 10", "--framesize 40", "--framesize 60", "--max-delay 0", "--max-delay 200",
            "--comp 0", "--downmix-mono", "--expect-loss 20", "--comment TITLE=x --artist y", "--serial 7",
            "--discard-comments --padding 0", "--padding 70000", "--no-phase-inv",
        ];
        foreach (var setting in settings)
            yield return OpusEnc(setting, CorpusInput.Stereo);
        foreach (var input in new[] { CorpusInput.Mono, CorpusInput.Wideband, CorpusInput.Cd, CorpusInput.Short })
            yield return OpusEnc("", input);
        yield return OpusEnc("--bitrate 12 --framesize 60 --speech", CorpusInput.Wideband);
        yield return OpusEnc("--bitrate 12 --set-ctl-int 4016=1", CorpusInput.Pauses); // OPUS_SET_DTX
    }

    private static IEnumerable<CorpusRecipe> Ffmpeg()
    {
        string[] settings =
        [
            "-b:a 16k", "-b:a 24k -application voip", "-b:a 64k -application audio", "-application lowdelay",
            "-frame_duration 2.5", "-frame_duration 5", "-frame_duration 10", "-frame_duration 40", "-frame_duration 60",
            "-frame_duration 80", "-frame_duration 100", "-frame_duration 120", "-vbr off", "-vbr constrained",
            "-fec 1 -packet_loss 10", "-ar 16000 -ac 1", "-ar 8000 -ac 1", "-page_duration 20000", "-page_duration 5000000",
            "-metadata title=x -metadata artist=y", "-compression_level 0", "-cutoff 8000", "-apply_phase_inv 0",
            "-ac 2 -mapping_family 1",
        ];
        foreach (var setting in settings)
            yield return Ffmpeg(OpusContainer.Ogg, setting, CorpusInput.Stereo);
        yield return Ffmpeg(OpusContainer.Ogg, "", CorpusInput.Short);
        yield return Ffmpeg(OpusContainer.Ogg, "-b:a 12k -application voip -frame_duration 60", CorpusInput.Wideband);
    }

    private static IEnumerable<CorpusRecipe> LibOpusEncoder()
    {
        (int? Setting, int Value)[] settings =
        [
            (null, 0), (SetBitrate, 12_000), (SetMuxingDelay, 0), (SetCommentPadding, 100_000),
            (SetHeaderGain, 0x280), (SetHeaderGain, -0x280),
        ];
        foreach (var (setting, value) in settings)
        {
            yield return new(OpusContainer.Ogg, $"libopusenc {setting} {value}", CorpusInput.Stereo, (_, path) =>
                LibOpusEnc.Encode(path, CorpusInput.Stereo.Sound.Pcm, 2, setting, value));
        }

        yield return new(OpusContainer.Ogg, "libopusenc", CorpusInput.Mono, (_, path) =>
            LibOpusEnc.Encode(path, CorpusInput.Mono.Sound.Pcm, 1));
    }

    private static IEnumerable<CorpusRecipe> GStreamerOgg()
    {
        string[] encoders =
        [
            "", "frame-size=2", "frame-size=5", "frame-size=10", "frame-size=40", "frame-size=60",
            "bitrate-type=cbr bitrate=16000", "bitrate-type=vbr audio-type=voice", "audio-type=restricted-lowdelay",
            "bandwidth=wideband", "inband-fec=true packet-loss-percentage=20 audio-type=voice bitrate=16000",
        ];
        foreach (var encoder in encoders)
            yield return Gst(OpusContainer.Ogg, encoder, "oggmux", CorpusInput.Stereo);
        foreach (var muxer in new[] { "max-delay=0", "max-page-delay=0", "max-page-delay=3000000000", "skeleton=true" })
            yield return Gst(OpusContainer.Ogg, "", $"oggmux {muxer}", CorpusInput.Mono);
        yield return Gst(OpusContainer.Ogg, "dtx=true audio-type=voice bitrate=12000", "oggmux", CorpusInput.Pauses);
        yield return Gst(OpusContainer.Ogg, "audio-type=voice bitrate=12000 frame-size=60", "oggmux", CorpusInput.Wideband);
    }

    private static IEnumerable<CorpusRecipe> Chains()
    {
        yield return new(OpusContainer.Ogg, "two links by opusenc", CorpusInput.Stereo, (wav, path) =>
        {
            Oracle.Run("opusenc", "--quiet", "--serial", "1", wav, path + "1");
            Oracle.Run("opusenc", "--quiet", "--serial", "2", "--bitrate", "16", wav, path + "2");
            File.WriteAllBytes(path, [.. File.ReadAllBytes(path + "1"), .. File.ReadAllBytes(path + "2")]);
        });
        yield return new(OpusContainer.Ogg, "links by opusenc and ffmpeg", CorpusInput.Mono, (wav, path) =>
        {
            Oracle.Run("opusenc", "--quiet", "--serial", "1", wav, path + "1");
            Oracle.Run("ffmpeg", "-v", "error", "-i", wav, "-c:a", "libopus", "-f", "ogg", path + "2");
            File.WriteAllBytes(path, [.. File.ReadAllBytes(path + "1"), .. File.ReadAllBytes(path + "2")]);
        });
    }

    /// <summary>Ogg by ffmpeg from the packets in other containers.</summary>
    private static IEnumerable<CorpusRecipe> Remuxed()
    {
        foreach (var container in new[] { "webm", "mp4" })
        {
            yield return new(OpusContainer.Ogg, $"ffmpeg to {container} and back, -c copy", CorpusInput.Mono, (wav, path) =>
            {
                Oracle.Run("ffmpeg", "-v", "error", "-i", wav, "-c:a", "libopus", $"{path}.{container}");
                Oracle.Run("ffmpeg", "-v", "error", "-i", $"{path}.{container}", "-c", "copy", path);
            });
        }
    }

    private static IEnumerable<CorpusRecipe> OtherContainers()
    {
        foreach (var setting in new[] { "", "-frame_duration 60 -b:a 16k", "-frame_duration 2.5", "-vbr off" })
        {
            foreach (var container in new[] { OpusContainer.WebM, OpusContainer.Mp4, OpusContainer.Caf })
                yield return Ffmpeg(container, setting, CorpusInput.Stereo);
        }

        foreach (var container in new[] { OpusContainer.WebM, OpusContainer.Mp4, OpusContainer.Caf })
        {
            yield return Ffmpeg(container, "-ar 16000", CorpusInput.Wideband);
            yield return Ffmpeg(container, "", CorpusInput.Short);
        }

        string[] webM =
        [
            "-live 1", "-cluster_time_limit 300", "-cluster_size_limit 2000", "-dash 1 -dash_track_number 1",
            "-reserve_index_space 1000", "-cues_to_front 1", "-f matroska", "-f matroska -metadata title=x -write_crc32 0",
        ];
        foreach (var setting in webM)
            yield return Ffmpeg(OpusContainer.WebM, setting, CorpusInput.Mono);

        string[] mp4 =
        [
            "-movflags +faststart", "-movflags frag_keyframe+empty_moov+default_base_moof -frag_duration 300000",
            "-movflags frag_every_frame+empty_moov", "-movflags frag_keyframe+delay_moov -frag_duration 300000",
            "-movflags dash -frag_duration 300000", "-metadata title=x", "-use_editlist 0",
        ];
        foreach (var setting in mp4)
            yield return Ffmpeg(OpusContainer.Mp4, setting, CorpusInput.Mono);

        const string ShortClusters = "webmmux min-cluster-duration=100000000 max-cluster-duration=300000000";
        foreach (var muxer in new[] { "webmmux", "webmmux streamable=true", ShortClusters, "matroskamux" })
            yield return Gst(OpusContainer.WebM, "", muxer, CorpusInput.Mono);
        foreach (var muxer in new[] { "mp4mux", "mp4mux faststart=true", "mp4mux fragment-duration=300", "qtmux" })
            yield return Gst(OpusContainer.Mp4, "", muxer, CorpusInput.Mono);
        yield return Gst(OpusContainer.WebM, "frame-size=60 audio-type=voice", "webmmux", CorpusInput.Wideband);
        yield return Gst(OpusContainer.Mp4, "frame-size=60 audio-type=voice", "mp4mux", CorpusInput.Wideband);
    }

    private static IEnumerable<CorpusRecipe> Chromium() => BrowserRecording.All.Select(recording => new CorpusRecipe(
        recording.MimeType == BrowserRecording.WebM ? OpusContainer.WebM : OpusContainer.Mp4,
        recording.Name,
        CorpusInput.Short,
        (_, path) => File.WriteAllBytes(path, recording.Load())));

    private static CorpusRecipe OpusEnc(string arguments, CorpusInput input) => new(
        OpusContainer.Ogg, $"opusenc {arguments}".TrimEnd(), input, (wav, path) =>
            Oracle.Run("opusenc", ["--quiet", .. Split(arguments), wav, path]));

    private static CorpusRecipe Ffmpeg(OpusContainer container, string arguments, CorpusInput input) => new(
        container, $"ffmpeg {container} {arguments}".TrimEnd(), input, (wav, path) =>
            Oracle.Run("ffmpeg", ["-v", "error", "-i", wav, "-c:a", "libopus", .. Split(arguments), path]));

    private static CorpusRecipe Gst(OpusContainer container, string encoder, string muxer, CorpusInput input) => new(
        container, $"opusenc {encoder} ! {muxer}", input, (wav, path) => GStreamer.Encode(wav, encoder, muxer, path));

    private static string[] Split(string arguments) => arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
