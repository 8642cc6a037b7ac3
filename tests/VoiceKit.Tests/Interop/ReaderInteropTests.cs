using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Interop;

/// <summary>Files that others write, decoded by us and by opusdec.</summary>
public class ReaderInteropTests
{
    /// <summary>One step of a 16-bit sample.</summary>
    private const float Lsb = 1 / 32768f;

    public static TheoryData<string> OpusEncArguments =>
    [
        "", "--bitrate 6", "--bitrate 16 --speech", "--bitrate 128 --music", "--hard-cbr", "--cvbr", "--framesize 2.5", "--framesize 5",
        "--framesize 10", "--framesize 40", "--framesize 60", "--max-delay 0", "--max-delay 200", "--comp 0", "--downmix-mono",
        "--expect-loss 20", "--comment TITLE=x --artist y", "--serial 7", "--discard-comments --padding 0",
    ];

    public static TheoryData<string> FfmpegArguments =>
    [
        "-b:a 16k", "-b:a 24k -application voip", "-b:a 64k -application audio", "-application lowdelay", "-frame_duration 2.5",
        "-frame_duration 5", "-frame_duration 10", "-frame_duration 40", "-frame_duration 60", "-frame_duration 80", "-frame_duration 100",
        "-frame_duration 120", "-vbr off", "-vbr constrained", "-fec 1 -packet_loss 10", "-ar 16000 -ac 1", "-ar 8000 -ac 1",
        "-page_duration 20000", "-metadata title=x -metadata artist=y", "-ac 2 -mapping_family 1",
    ];

    [Theory]
    [MemberData(nameof(OpusEncArguments))]
    public void Files_by_opusenc_decode_as_with_opusdec(string arguments) => Compare(
        (wav, opus) => Oracle.Run("opusenc", ["--quiet", .. Split(arguments), wav, opus]));

    [Theory]
    [MemberData(nameof(FfmpegArguments))]
    public void Files_by_ffmpeg_decode_as_with_opusdec(string arguments) => Compare(
        (wav, opus) => Oracle.Run("ffmpeg", ["-v", "error", "-i", wav, "-c:a", "libopus", .. Split(arguments), opus]));

    [Theory]
    [InlineData(1, null, 0)]
    [InlineData(2, null, 0)]
    [InlineData(1, 4002, 12_000)] // OPUS_SET_BITRATE
    [InlineData(2, 14_002, 0)] // OPE_SET_MUXING_DELAY: a packet a page
    public void Files_by_libopusenc_decode_as_with_opusdec(int channels, int? setting, int value) => Compare(
        (_, opus) => LibOpusEnc.Encode(opus, Signals.Voice(100_001, 48_000, channels), channels, setting, value));

    [Fact]
    public void Header_gain_is_applied_as_opusdec_does() => Compare((wav, opus) =>
    {
        Oracle.Run("opusenc", "--quiet", wav, opus);
        var data = File.ReadAllBytes(opus);
        OggPage.Read(data, out var page);
        var head = data.AsSpan(0, page.Data.Length);
        head[page.BodyAt + 16] = 0x80; // +1.5 dB in Q7.8
        head[page.BodyAt + 17] = 0x01;
        BitConverter.TryWriteBytes(head[OggPage.ChecksumAt..], OggPage.ComputeChecksum(head));
        File.WriteAllBytes(opus, data);
    });

    [Fact]
    public void Chained_file_decodes_as_with_opusdec() => Compare((wav, opus) =>
    {
        Oracle.Run("opusenc", "--quiet", "--serial", "1", wav, opus + "1");
        Oracle.Run("opusenc", "--quiet", "--serial", "2", "--bitrate", "16", wav, opus + "2");
        File.WriteAllBytes(opus, [.. File.ReadAllBytes(opus + "1"), .. File.ReadAllBytes(opus + "2")]);
    });

    [Theory]
    [InlineData(8000)]
    [InlineData(12_000)]
    [InlineData(16_000)]
    [InlineData(24_000)]
    public void Lower_rates_give_the_same_sound_in_the_right_length(int rate)
    {
        using var folder = new TemporaryFolder();
        var path = folder["a.opus"];
        LibOpusEnc.Encode(path, Signals.Voice(100_001), 1);
        var full = Decode(path, 48_000);
        var low = Decode(path, rate);
        var factor = 48_000 / rate;
        Assert.Equal((full.Length + factor - 1) / factor, low.Length);

        // The test signal has its energy below 2 kHz, so every rate holds it; filters delay a little.
        double error = 0, energy = 0;
        for (var i = 0; i < low.Length; i++)
        {
            energy += full[i * factor] * full[i * factor];
            error += Math.Pow(full[i * factor] - low[i], 2);
        }

        Assert.True(error < 0.05 * energy, $"{error / energy}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(960)]
    [InlineData(100_000)]
    public void Size_of_reads_never_matters(int size)
    {
        using var folder = new TemporaryFolder();
        var path = folder["a.opus"];
        LibOpusEnc.Encode(path, Signals.Voice(30_001), 1);
        Assert.Equal(Decode(path, 48_000, 5760), Decode(path, 48_000, size));
    }

    [Fact]
    public void Channels_are_mixed_on_demand()
    {
        using var folder = new TemporaryFolder();
        LibOpusEnc.Encode(folder["2.opus"], Signals.Voice(20_000, 48_000, 2), 2);
        using var mono = new OpusAudioReader(File.OpenRead(folder["2.opus"]), LibOpusCodec.Default, channels: 1);
        Assert.Equal(new AudioFormat(48_000, 1), mono.Format);
        Assert.Equal(20_000, ReadAll(mono, 4096).Length);
    }

    [Fact]
    public void Lost_page_is_concealed_for_its_time_and_the_rest_is_untouched()
    {
        using var folder = new TemporaryFolder();
        var path = folder["a.opus"];
        LibOpusEnc.Encode(path, Signals.Voice(48_000 * 5), 1);
        var whole = Decode(path, 48_000);

        var pages = Pages(File.ReadAllBytes(path));
        pages.RemoveAt(4);
        File.WriteAllBytes(path, [.. pages.SelectMany(page => page)]);
        var healed = Decode(path, 48_000);
        Assert.Equal(whole.Length, healed.Length);
        Assert.Equal(whole[..(2 * 48_000 - 312)], healed[..(2 * 48_000 - 312)]);

        // Half a second behind the hole the decoder has found its way back.
        var from = 3 * 48_000 + 24_000;
        var error = Enumerable.Range(from, 24_000).Sum(i => Math.Pow(whole[i] - healed[i], 2));
        Assert.True(error < 1e-3 * Enumerable.Range(from, 24_000).Sum(i => Math.Pow(whole[i], 2)));
    }

    [Fact]
    public void Decoding_allocates_nothing_per_packet()
    {
        using var folder = new TemporaryFolder();
        LibOpusEnc.Encode(folder["a.opus"], Signals.Voice(48_000 * 8), 1);
        using var reader = new OpusAudioReader(new MemoryStream(File.ReadAllBytes(folder["a.opus"])), LibOpusCodec.Default);
        var pcm = new float[1024];
        for (var i = 0; i < 50; i++)
            reader.Read(pcm);
        var before = GC.GetAllocatedBytesForCurrentThread();
        while (reader.Read(pcm) > 0)
        {
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Encoding_allocates_nothing_per_packet()
    {
        using var writer = new OggOpusAudioWriter(new MemoryStream(1 << 20), LibOpusCodec.Default);
        var pcm = Signals.Voice(1000);
        for (var i = 0; i < 200; i++)
            writer.Write(pcm);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 300; i++)
            writer.Write(pcm);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Compare(Action<string, string> make)
    {
        using var folder = new TemporaryFolder();
        var (wav, opus) = (folder["in.wav"], folder["out.opus"]);
        using (var writer = new WavWriter(File.Create(wav), new AudioFormat(48_000, 2)))
            writer.Write(Signals.Voice(100_001, 48_000, 2));
        make(wav, opus);

        var ours = Decode(opus, 48_000);
        var theirs = Oracle.OpusDec(opus);
        Assert.Equal(theirs.Length, ours.Length);
        for (var i = 0; i < ours.Length; i++)
            Assert.True(Math.Abs(ours[i] - theirs[i]) <= Lsb, $"sample {i}: {ours[i]} and {theirs[i]}");
        using var file = File.OpenRead(opus);
        using var reader = new OpusAudioReader(File.OpenRead(opus), LibOpusCodec.Default);
        Assert.Equal(ours.Length / reader.Format.Channels, OpusInfo.Read(file).Samples);
    }

    private static float[] Decode(string path, int rate, int size = 4096)
    {
        using var reader = new OpusAudioReader(File.OpenRead(path), LibOpusCodec.Default, rate);
        return ReadAll(reader, size * reader.Format.Channels);
    }

    private static float[] ReadAll(OpusAudioReader reader, int size)
    {
        var all = new List<float>();
        var buffer = new float[size];
        int count;
        while ((count = reader.Read(buffer)) > 0)
            all.AddRange(buffer[..count]);
        return [.. all];
    }

    private static List<byte[]> Pages(byte[] data)
    {
        var pages = new List<byte[]>();
        while (data.Length > 0)
        {
            OggPage.Read(data, out var page);
            pages.Add(page.Data.ToArray());
            data = data[page.Data.Length..];
        }

        return pages;
    }

    private static string[] Split(string arguments) => arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
