using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Interop;

/// <summary>Files that we write, judged by opusinfo, opusdec and ffmpeg.</summary>
public class WriterInteropTests
{
    private static readonly double[] Durations = [2.5, 5, 10, 20, 40, 60, 80, 100, 120];

    public static TheoryData<int, int> RatesAndChannels
    {
        get
        {
            var data = new TheoryData<int, int>();
            int[] rates =
                [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000];
            foreach (var rate in rates)
            foreach (var channels in new[] { 1, 2 })
                data.Add(rate, channels);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(RatesAndChannels))]
    public void Any_rate_comes_back_with_its_length_and_sound(int rate, int channels)
    {
        var frames = rate * 2 + 123;
        var pcm = Signals.Voice(frames, rate, channels);
        // Tuned for speech, the encoder would turn the phase of the lowest tones with its high-pass filter.
        var encoder = new OpusEncoderOptions { Application = OpusApplication.Audio, Bitrate = 96_000 };
        var options = new VoiceEncodingOptions { Channels = channels, Encoder = encoder };
        var expected = (int)Math.Round(frames * 48_000.0 / rate, MidpointRounding.AwayFromZero) * channels;
        var decoded = EncodeAndJudge(pcm, new AudioFormat(rate, channels), options, expected);

        // The same audio made at 48 kHz is what must come out; the band of a low rate is narrower than the voice.
        var original = Signals.Voice(expected / channels, 48_000, channels);
        Assert.True(Correlation(original, decoded) > 0.97, $"{Correlation(original, decoded)}");
    }

    [Fact]
    public void Every_packet_duration_conforms()
    {
        foreach (var duration in Durations)
        foreach (var dtx in new[] { false, true })
        {
            var encoder = new OpusEncoderOptions { PacketDuration = TimeSpan.FromMilliseconds(duration), UseDtx = dtx };
            var pcm = Signals.Voice(48_000 * 3 + 17);
            pcm.AsSpan(48_000, 48_000).Clear();
            EncodeAndJudge(pcm, new AudioFormat(48_000, 1), new VoiceEncodingOptions { Encoder = encoder }, pcm.Length);
        }
    }

    [Fact]
    public void Lengths_around_packets_and_pages_come_back_to_the_sample()
    {
        foreach (var length in new[] { 0, 1, 2, 311, 312, 313, 647, 648, 649, 959, 960, 961, 47_999, 48_000, 48_001, 96_312 })
        {
            EncodeAndJudge(Signals.Voice(length), new AudioFormat(48_000, 1), new VoiceEncodingOptions(), length);
            var narrow = length / 3;
            EncodeAndJudge(Signals.Voice(narrow, 16_000), new AudioFormat(16_000, 1), new VoiceEncodingOptions(), narrow * 3);
        }
    }

    [Fact]
    public void Silence_under_DTX_keeps_its_time()
    {
        var options = new VoiceEncodingOptions { Encoder = new OpusEncoderOptions { UseDtx = true } };
        var pcm = new float[16_000 * 30];
        Signals.Voice(16_000, 16_000).CopyTo(pcm, 16_000 * 20);
        EncodeAndJudge(pcm, new AudioFormat(16_000, 1), options, pcm.Length * 3);
    }

    [Fact]
    public void Large_tags_and_short_pages_conform()
    {
        var options = new VoiceEncodingOptions
        {
            Comments = [new("TITLE", "ü€\U0001F3A4"), new("COMMENT", new string('x', 200_000)), new("comment", "twice")],
            Container = new OpusWriterOptions { MaxPageDuration = TimeSpan.FromMilliseconds(20) },
        };
        EncodeAndJudge(Signals.Voice(30_000), new AudioFormat(48_000, 1), options, 30_000);
    }

    [Fact]
    public void An_hour_conforms_and_comes_back_to_the_sample()
    {
        using var folder = new TemporaryFolder();
        var path = folder["hour.opus"];
        const int Rate = 8000;
        var encoder = new OpusEncoderOptions { Complexity = 0, Bitrate = 8000, PacketDuration = TimeSpan.FromMilliseconds(60) };
        var options = new VoiceEncodingOptions { SampleRate = Rate, Encoder = encoder };
        var minute = Pcm.PacketsOf(Pcm.Encode(Signals.Voice(60 * Rate, Rate), new AudioFormat(Rate, 1), options)).AsSpan(0, 1000);

        // The same minute again and again: what is encoded does not matter to the length.
        using (var writer = new OggOpusWriter(File.Create(path), new OpusHead(1, 312, Rate), new OpusTags("test")))
        {
            for (var i = 0; i < 60; i++)
            {
                foreach (var packet in minute)
                    writer.WritePacket(packet);
            }

            writer.WritePacket(minute[0]);
            writer.Finish(2880 - 312 - 66);
        }

        Assert.Empty(Oracle.Warnings(path));
        const long Expected = (3600L * Rate + 11) * 6;
        using var file = File.OpenRead(path);
        Assert.Equal(Expected, OpusInfo.Read(file).Samples);
        Oracle.Run("ffmpeg", "-v", "error", "-i", path, "-f", "s16le", folder["hour.raw"]);
        Assert.Equal(Expected, new FileInfo(folder["hour.raw"]).Length / sizeof(short));
    }

    [Fact]
    public void Input_rate_gain_and_tags_are_what_opusinfo_reads()
    {
        using var folder = new TemporaryFolder();
        var path = folder["a.opus"];
        var options = new VoiceEncodingOptions { Comments = [new("ARTIST", "Ann")], Vendor = "Somebody 1.0" };
        Encode(Signals.Voice(44_100, 44_100), new AudioFormat(44_100, 1), options, path);
        var (output, _) = Oracle.Run("opusinfo", path);
        Assert.Contains("Encoded with Somebody 1.0", output);
        Assert.Contains("ARTIST=Ann", output);
        Assert.Contains("Original sample rate: 44100 Hz", output);
        Assert.Contains("Pre-skip: 312", output);
        Assert.Contains("Playback gain: 0 dB", output);
    }

    /// <summary>Encodes, lets the three programs judge, and gives what opusdec decodes.</summary>
    private static float[] EncodeAndJudge(float[] pcm, AudioFormat format, VoiceEncodingOptions options, int expectedSamples)
    {
        using var folder = new TemporaryFolder();
        var path = folder["a.opus"];
        Encode(pcm, format, options, path);

        var what = string.Create(
            CultureInfo.InvariantCulture,
            $"{format}, {options.Encoder.PacketDuration.TotalMilliseconds} ms, {pcm.Length} samples");
        var warnings = Oracle.Warnings(path);
        Assert.True(warnings is [], $"{what}: {string.Join('\n', warnings)}");
        using var file = File.OpenRead(path);
        var info = OpusInfo.Read(file, new OpusReaderOptions { Strict = true });
        Assert.Equal((what, (long)expectedSamples / options.Channels), (what, info.Samples));
        if (expectedSamples == 0)
            return [];

        var decoded = Oracle.OpusDec(path);
        Assert.Equal((what, expectedSamples), (what, decoded.Length));
        Assert.Equal((what, expectedSamples), (what, Oracle.Ffmpeg(path).Length));
        return decoded;
    }

    private static void Encode(float[] pcm, AudioFormat format, VoiceEncodingOptions options, string path)
    {
        using var output = File.Create(path);
        new VoiceEncoder(LibOpusCodec.Default).Encode(new PcmReader(pcm, format), output, options);
    }

    private static double Correlation(float[] a, float[] b)
    {
        double ab = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            ab += a[i] * b[i];
            aa += a[i] * a[i];
            bb += b[i] * b[i];
        }

        return ab / Math.Sqrt(aa * bb);
    }
}
