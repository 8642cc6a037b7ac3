using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using VoiceKit.Audio;
using VoiceKit.Importing;
using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.FFmpeg.Tests;

/// <summary>Recordings in the formats of other programs become messages of the right length and sound.</summary>
public class ImportFormatTests
{
    private const int Rate = 44_100;
    private const int Frames = 2 * Rate + 77;

    private static readonly VoiceImporter Importer = new(LibOpusCodec.Default, FFmpegDecoder.Default);

    private static readonly string[] Picture = ["-v", "error", "-f", "lavfi", "-t", "2", "-i", "testsrc=r=10:s=64x64"];

    // The codec that the message itself is in must not be what is measured.
    private static readonly VoiceImportOptions Options = new()
    {
        Encoding = new VoiceEncodingOptions
        {
            Encoder = new OpusEncoderOptions { Bitrate = 96_000, Application = OpusApplication.Audio },
        },
    };

    // What may be too long is a frame of the source's codec, where the file does not tell where in it the sound ends.
    [Theory]
    [InlineData("m4a", "-c:a aac -b:a 128k", 0)]
    [InlineData("m4a", "-c:a alac", 0)]
    [InlineData("m4a", "-c:a aac -b:a 320k -ac 6", 0)]
    [InlineData("m4a", "-c:a aac -b:a 128k -use_editlist 0", 0)]
    [InlineData("mp4", "-c:a aac -b:a 128k -movflags frag_keyframe+empty_moov", 1024)]
    [InlineData("aac", "-c:a aac -b:a 128k", 1024)]
    [InlineData("mka", "-c:a aac -b:a 128k", 1024)]
    [InlineData("3gp", "-c:a aac -b:a 128k", 0)]
    [InlineData("mp3", "-c:a libmp3lame -b:a 128k", 0)]
    [InlineData("mp3", "-c:a libmp3lame -q:a 2 -id3v2_version 0 -write_xing 0", 1152)]
    [InlineData("mp3", "-c:a libmp3lame -q:a 2 -metadata title=VBR -write_xing 0 -ar 22050", 1152)]
    [InlineData("flac", "-c:a flac", 0)]
    [InlineData("oga", "-c:a flac", 0)]
    [InlineData("ogg", "-c:a libvorbis -b:a 128k", 0)]
    [InlineData("webm", "-c:a libvorbis -b:a 128k", 1024)]
    [InlineData("wma", "-c:a wmav2 -b:a 128k", 2048)]
    [InlineData("caf", "-c:a alac", 0)]
    [InlineData("aiff", "-c:a pcm_s16be", 0)]
    [InlineData("wav", "-c:a pcm_u8", 0)]
    [InlineData("wav", "-c:a pcm_s24le", 0)]
    [InlineData("wav", "-c:a pcm_f32le -rf64 always", 0)]
    [InlineData("wav", "-c:a adpcm_ms", 2048)]
    [InlineData("au", "-c:a pcm_mulaw", 0)]
    public async Task Files_of_ffmpeg_keep_their_length_and_sound(string extension, string encoding, int tolerance)
    {
        using var folder = new TemporaryFolder();
        var pcm = Sound();
        Write(folder["in.wav"], pcm, Rate);
        Oracle.Run("ffmpeg", ["-v", "error", "-i", folder["in.wav"], .. encoding.Split(' '), folder["x." + extension]]);
        File.Move(folder["x." + extension], folder["no name"]);

        var message = await Importer.ImportAsync(folder["no name"], Options);
        Assert.InRange(
            Math.Abs(message.Duration.TotalSeconds * Rate - Frames), 0, encoding.EndsWith("22050")
                ? 2 * tolerance
                : tolerance + 1);
        AssertLike(pcm, Rate, message, tolerance);
    }

    [Theory]
    [InlineData("mkv", "libopus", "Opus in WebM")]
    [InlineData("webm", "libopus", "Opus in WebM")]
    [InlineData("mp4", "aac", "an MPEG-4 file (M4A, MP4)")]
    public async Task The_sound_of_a_video_is_taken(string extension, string codec, string content)
    {
        using var folder = new TemporaryFolder();
        var pcm = Sound();
        Write(folder["in.wav"], pcm, Rate);
        Oracle.Run(
            "ffmpeg",
            [
                .. Picture, "-i", folder["in.wav"], "-c:v", extension == "webm"
                    ? "libvpx"
                    : "mpeg4", "-c:a", codec, folder["a." + extension],
            ]);
        var message = await Importer.ImportAsync(folder["a." + extension], Options);
        Assert.Equal(content, (await Importer.PreviewAsync(folder["a." + extension], Options)).Content);
        Assert.InRange(Math.Abs(message.Duration.TotalSeconds * Rate - Frames), 0, 48);
        AssertLike(pcm, Rate, message, 48);
    }

    // The text that iTunes and iOS write: the samples before the sound, behind it, and of it.
    [Fact]
    public async Task A_length_that_iTunes_tells_is_kept()
    {
        using var folder = new TemporaryFolder();
        var pcm = Sound();
        Write(folder["in.wav"], pcm, Rate);
        string[] plain = ["-use_editlist", "0", "-map_metadata", "-1", "-fflags", "+bitexact"];
        Oracle.Run("ffmpeg", ["-v", "error", "-i", folder["in.wav"], "-c:a", "aac", "-b:a", "128k", .. plain, folder["a.m4a"]]);
        var text = $" 00000000 00000400 00000000 {Frames:X16} 00000000 00000000";
        var tag = Box(
            "----",
            Box("mean", [0, 0, 0, 0, .. "com.apple.iTunes"u8]),
            Box("name", [0, 0, 0, 0, .. "iTunSMPB"u8]),
            Box("data", [0, 0, 0, 1, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(text)]));
        var handler = Box("hdlr", [.. new byte[8], .. "mdirappl"u8, .. new byte[9]]);
        var user = Box("udta", Box("meta", [0, 0, 0, 0], handler, Box("ilst", tag)));
        var data = File.ReadAllBytes(folder["a.m4a"]);
        var movie = data.AsSpan().LastIndexOf("moov"u8) - 4;
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(movie), data.Length - movie + user.Length);
        File.WriteAllBytes(folder["a.m4a"], [.. data, .. user]);

        var message = await Importer.ImportAsync(folder["a.m4a"], Options);
        Assert.InRange(Math.Abs(message.Duration.TotalSeconds * Rate - Frames), 0, 1);
        AssertLike(pcm, Rate, message, 0);
    }

    // A track's clock need not be the rate of its samples.
    [Fact]
    public async Task Another_clock_tells_the_same_length()
    {
        using var folder = new TemporaryFolder();
        var pcm = Sound();
        Write(folder["in.wav"], pcm, Rate);
        Oracle.Run(
            "ffmpeg",
            "-v",
            "error",
            "-i",
            folder["in.wav"],
            "-c:a",
            "aac",
            "-b:a",
            "128k",
            "-use_editlist",
            "0",
            folder["a.m4a"]);
        var data = File.ReadAllBytes(folder["a.m4a"]);
        var clock = data.AsSpan().LastIndexOf("mdhd"u8) + 16;
        var times = data.AsSpan().LastIndexOf("stts"u8) + 8;
        int[] numbers = [clock, clock + 4, .. Enumerable.Range(0, BinaryPrimitives.ReadInt32BigEndian(data.AsSpan(times))).Select(
            i => times + 8 + 8 * i)];
        foreach (var at in numbers)
            BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(at), 2 * BinaryPrimitives.ReadInt32BigEndian(data.AsSpan(at)));
        File.WriteAllBytes(folder["a.m4a"], data);

        var message = await Importer.ImportAsync(folder["a.m4a"], Options);
        Assert.InRange(Math.Abs(message.Duration.TotalSeconds * Rate - Frames), 0, 1);
        AssertLike(pcm, Rate, message, 0);
    }

    [Fact]
    public void Broken_files_tell_bounds_within_reason()
    {
        using var folder = new TemporaryFolder();
        Write(folder["in.wav"], Sound()[..10_000], Rate);
        Oracle.Run("sox", folder["in.wav"], "-r", "8000", folder["a.amr-nb"]);
        var random = new Random(20261121);
        foreach (var name in new[] { "a.m4a", "a.aac", "a.mp3", "a.mka", "a.amr-nb", "a.3gp" })
        {
            if (name == "a.3gp")
                Oracle.Run("ffmpeg", "-v", "error", "-i", folder["a.amr-nb"], "-c", "copy", folder[name]);
            else if (name != "a.amr-nb")
                Oracle.Run(
                    "ffmpeg", "-v", "error", "-i", folder["in.wav"], "-c:a", name == "a.mp3"
                        ? "libmp3lame"
                        : "aac", folder[name]);
            var whole = File.ReadAllBytes(folder[name]);
            for (var i = 0; i < 300; i++)
            {
                var data = whole[..random.Next(whole.Length / 2, whole.Length + 1)];
                for (var n = random.Next(1, 60); n > 0; n--)
                    data[^(1 + random.Next(Math.Min(data.Length, n % 2 == 0 ? 1200 : data.Length)))] = (byte)(
                        random.Next(3) * 127);
                File.WriteAllBytes(folder["x"], data);
                var bounds = SoundBounds.Read(folder["x"]);
                Assert.InRange(bounds.Rate, 0, int.MaxValue);
                Assert.InRange(bounds.Skip, 0, 1024);
                if (bounds.Pauses == TimedPauses.All)
                    Assert.InRange(bounds.Length ?? 0, 0, (data.Length / 50.0 + 1) * bounds.Rate);
            }
        }
    }

    [Fact]
    public async Task What_has_no_sound_is_refused_with_the_reason()
    {
        using var folder = new TemporaryFolder();
        Oracle.Run("ffmpeg", [.. Picture, "-c:v", "mpeg4", folder["a.mp4"]]);
        var exception = await Assert.ThrowsAsync<VoiceFormatException>(() => Importer.ImportAsync(folder["a.mp4"]));
        Assert.Equal("There is no sound in the file.", exception.Message);
        File.WriteAllBytes(folder["empty.m4a"], []);
        Assert.Contains(
            "empty", (await Assert.ThrowsAsync<VoiceFormatException>(() => Importer.ImportAsync(folder["empty.m4a"]))).Message);
        File.WriteAllBytes(folder["zero.m4a"], new byte[5000]);
        await Assert.ThrowsAsync<VoiceFormatException>(() => Importer.ImportAsync(folder["zero.m4a"]));
    }

    [Theory]
    [InlineData(44_100)]
    [InlineData(8000)]
    public void A_length_that_is_a_lie_makes_no_sound(int rate)
    {
        using var folder = new TemporaryFolder();
        Write(folder["in.wav"], Hum(2 * rate, rate), rate);
        if (rate == 8000)
            Oracle.Run("sox", folder["in.wav"], folder["in.amr-nb"]);
        Oracle.Run(
            "ffmpeg",
            "-v",
            "error",
            "-i",
            rate == 8000 ? folder["in.amr-nb"] : folder["in.wav"],
            "-c:a",
            rate == 8000 ? "copy" : "aac",
            folder["a.3gp"]);
        var data = File.ReadAllBytes(folder["a.3gp"]);
        var times = data.AsSpan().LastIndexOf("stts"u8);
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(times + 16), 1_000_000_000);
        File.WriteAllBytes(folder["a.3gp"], data);

        // Time stamps of months, of which a reader gives an hour and what so many bytes can hold.
        using var reader = FFmpegAudioReader.Open(folder["a.3gp"]);
        var buffer = new float[1 << 16];
        long frames = 0;
        for (int count; (count = reader.Read(buffer)) > 0;)
            frames += count / reader.Format.Channels;
        Assert.InRange(frames / (double)rate, rate == 8000 ? 0.5 : 0, 3600 + data.Length / 50.0 + 1);
    }

    [Fact]
    public void AMR_that_says_it_is_endless_ends_with_its_frames()
    {
        using var folder = new TemporaryFolder();
        Write(folder["in.wav"], Hum(8000, 8000), 8000);
        Oracle.Run("sox", folder["in.wav"], folder["in.amr-nb"]);
        Oracle.Run("ffmpeg", "-v", "error", "-i", folder["in.amr-nb"], "-c", "copy", folder["a.3gp"]);
        var lie = Encoding.ASCII.GetBytes("iTunSMPB 00000000 00000000 00000000 7FFFFFFFFFFFFFFF ");
        var box = new byte[8 + lie.Length];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        "udta"u8.CopyTo(box.AsSpan(4));
        lie.CopyTo(box.AsSpan(8));
        File.WriteAllBytes(folder["a.3gp"], [.. File.ReadAllBytes(folder["a.3gp"]), .. box]);

        using var reader = FFmpegAudioReader.Open(folder["a.3gp"]);
        var buffer = new float[1 << 16];
        long frames = 0;
        for (int count; (count = reader.Read(buffer)) > 0;)
            frames += count;
        Assert.InRange(frames, 7000, 9000);
    }

    [Fact]
    public async Task Normalised_messages_of_all_sources_play_equally_loud_as_ffmpeg_hears_it()
    {
        using var folder = new TemporaryFolder();
        var options = new VoiceImportOptions
        {
            Encoding = Options.Encoding,
            TargetLoudness = VoiceImportOptions.DefaultTargetLoudness,
        };
        (string Name, string[] Encoding)[] sources =
        [
            ("a.m4a", ["-af", "volume=-12dB", "-c:a", "aac"]),
            ("a.mp3", ["-af", "volume=-3dB", "-c:a", "libmp3lame", "-ac", "2"]),
            ("a.flac", ["-af", "volume=-20dB", "-ar", "48000"]), ("a.webm", ["-af", "volume=-8dB", "-c:a", "libopus"]),
        ];
        Write(folder["in.wav"], Sound(), Rate);
        foreach (var (name, encoding) in sources)
        {
            Oracle.Run("ffmpeg", ["-v", "error", "-i", folder["in.wav"], .. encoding, folder[name]]);
            var message = await Importer.ImportAsync(folder[name], options);
            await using (var file = File.Create(folder["m.opus"]))
            await using (var bytes = message.OpenRead())
                await bytes.CopyToAsync(file);
            Oracle.Run("opusdec", "--quiet", "--float", folder["m.opus"], folder["m.wav"]);
            var (log, _) = Oracle.Run(
                "ffmpeg",
                "-v",
                "error",
                "-i",
                folder["m.wav"],
                "-af",
                "ebur128=metadata=1,ametadata=print:key=lavfi.r128.I:file=-",
                "-f",
                "null",
                "-");
            var heard = double.Parse(log.TrimEnd().Split('=')[^1], CultureInfo.InvariantCulture);
            Assert.InRange(heard - VoiceImportOptions.DefaultTargetLoudness, -0.1, 0.1);
        }
    }

    [Theory]
    [InlineData("flac", 0)]
    [InlineData("ogg", 1024)]
    [InlineData("aiff", 0)]
    [InlineData("w64", 0)]
    public async Task Files_of_SoX_keep_their_length_and_sound(string extension, int tolerance)
    {
        using var folder = new TemporaryFolder();
        var pcm = Sound();
        Write(folder["in.wav"], pcm, Rate);
        Oracle.Run("sox", folder["in.wav"], folder["x." + extension]);

        using var stream = File.OpenRead(folder["x." + extension]);
        var message = await Importer.ImportAsync(stream, Options);
        Assert.InRange(Math.Abs(message.Duration.TotalSeconds * Rate - Frames), 0, tolerance + 1);
        AssertLike(pcm, Rate, message, tolerance);
    }

    // A codec of 12.2 kbit/s keeps no waveform: what ffmpeg decodes by itself is what the import has to give.
    [Theory]
    [InlineData("amr")]
    [InlineData("3gp")]
    public async Task AMR_keeps_its_length_and_sound(string extension)
    {
        using var folder = new TemporaryFolder();
        const int Narrow = 8000;
        Write(folder["in.wav"], Hum(2 * Narrow + 77, Narrow), Narrow);
        Oracle.Run("sox", folder["in.wav"], "-C", "7", folder["x.amr-nb"]);
        File.Move(folder["x.amr-nb"], folder["a.amr"]);
        if (extension == "3gp")
            Oracle.Run("ffmpeg", "-v", "error", "-i", folder["a.amr"], "-c", "copy", folder["a.3gp"]);
        Oracle.Run("ffmpeg", "-v", "error", "-i", folder["a.amr"], "-f", "f32le", folder["raw"]);
        var expected = Oracle.Floats(File.ReadAllBytes(folder["raw"]));

        var message = await Importer.ImportAsync(folder["a." + extension], Options);
        Assert.InRange(Math.Abs(message.Duration.TotalSeconds * Narrow - (2 * Narrow + 77)), 0, 160);
        AssertLike(expected, Narrow, message, 0);
    }

    [Theory]
    [InlineData(8000, false)]
    [InlineData(8000, true)]
    [InlineData(16_000, false)]
    [InlineData(16_000, true)]
    public async Task The_pauses_of_AMR_stay_where_they_are(int rate, bool isIn3gp)
    {
        using var folder = new TemporaryFolder();
        float[] pcm = [.. new float[rate], .. Hum(rate, rate), .. new float[2 * rate], .. Hum(rate, rate), .. new float[rate]];
        Write(folder["in.wav"], pcm, rate);
        if (rate == 8000)
            Oracle.Run("sox", folder["in.wav"], "-C", "7", folder["x.amr-nb"]);
        else
            WideAmr.Write(folder["x.amr-nb"], pcm);
        File.Move(folder["x.amr-nb"], folder["x.amr"]);
        if (isIn3gp)
            Oracle.Run("ffmpeg", "-v", "error", "-i", folder["x.amr"], "-c", "copy", folder["x.3gp"]);
        var message = await Importer.ImportAsync(folder[isIn3gp ? "x.3gp" : "x.amr"], Options);
        Assert.InRange(message.Duration.TotalSeconds, 5.98, 6.02);
        using var audio = message.OpenAudio(LibOpusCodec.Default, rate);
        var heard = ReadAll(audio);
        Assert.All(new[] { 0.5, 2.5, 3.5, 5.5 }, time => Assert.InRange(Peak(heard, time), 0, 0.02f));
        Assert.All(new[] { 1.5, 4.5 }, time => Assert.InRange(Peak(heard, time), 0.05f, 1));

        float Peak(float[] samples, double time) =>
            samples.AsSpan((int)(time * rate) - rate / 10, rate / 5).ToArray().Max(Math.Abs);
    }

    // Vorbis in WebM whose blocks of a second are missing.
    [Fact]
    public async Task A_gap_in_the_time_stamps_is_silence()
    {
        using var folder = new TemporaryFolder();
        Write(folder["in.wav"], Hum(4 * Rate, Rate), Rate);
        Oracle.Run("ffmpeg", "-v", "error", "-i", folder["in.wav"], "-c:a", "libvorbis", folder["whole.webm"]);
        Oracle.Run(
            "ffmpeg",
            "-v",
            "error",
            "-i",
            folder["whole.webm"],
            "-c",
            "copy",
            "-bsf:a",
            "noise=drop=between(pts\\,1000\\,1999)",
            folder["gap.webm"]);
        var message = await Importer.ImportAsync(folder["gap.webm"], Options);
        Assert.InRange(message.Duration.TotalSeconds, 3.95, 4.05);
        using var audio = message.OpenAudio(LibOpusCodec.Default, 24_000);
        var heard = ReadAll(audio);
        Assert.InRange(heard[28_000..44_000].Max(Math.Abs), 0, 0.02f);
        Assert.InRange(heard[50_000..90_000].Max(Math.Abs), 0.1f, 1);
    }

    [Fact]
    public async Task Opus_is_taken_without_the_decoder_and_anything_else_needs_it()
    {
        using var folder = new TemporaryFolder();
        Write(folder["in.wav"], Sound(), Rate);
        Oracle.Run("ffmpeg", "-v", "error", "-i", folder["in.wav"], "-c:a", "libopus", folder["a.webm"]);
        Oracle.Run("ffmpeg", "-v", "error", "-i", folder["in.wav"], "-c:a", "aac", folder["a.m4a"]);
        var missing = new VoiceImporter(
            LibOpusCodec.Default, new FFmpegDecoder(new FFmpegOptions { Program = "ffmpeg-that-is-not-there" }));
        Assert.NotEqual(0, (await missing.ImportAsync(folder["a.webm"])).Info.Samples);
        var exception = await Assert.ThrowsAsync<FFmpegException>(() => missing.ImportAsync(folder["a.m4a"]));
        Assert.Contains("not installed", exception.Message);
        var none = new VoiceImporter(LibOpusCodec.Default);
        Assert.Contains("AAC", (await Assert.ThrowsAsync<VoiceFormatException>(() => none.ImportAsync(folder["a.m4a"]))).Message);
    }

    [Fact]
    public async Task A_preview_foretells_the_import()
    {
        using var folder = new TemporaryFolder();
        float[] pcm = [.. new float[Rate], .. Sound(), .. new float[2 * Rate]];
        Write(folder["in.wav"], pcm, Rate);
        Oracle.Run("ffmpeg", "-v", "error", "-i", folder["in.wav"], "-c:a", "flac", folder["a.flac"]);
        var options = new VoiceImportOptions
        {
            TrimSilence = true,
            TargetLoudness = -20,
            MaxDuration = TimeSpan.FromSeconds(1.5),
            Bars = 30,
        };
        var preview = await Importer.PreviewAsync(folder["a.flac"], options);
        Assert.Equal((VoiceImportAction.Encode, 30, "a FLAC file"), (preview.Action, preview.Waveform.Count, preview.Content));
        Assert.Equal((double)pcm.Length / Rate, preview.SourceDuration.TotalSeconds, 0.001);
        Assert.InRange(preview.TrimmedStart.TotalSeconds, 0.8, 1.0);
        Assert.InRange(preview.Cut.TotalSeconds, 0.4, 1);

        var message = await Importer.ImportAsync(folder["a.flac"], options);
        Assert.Equal(1.5, message.Duration.TotalSeconds, 0.0001);
        Assert.Equal(preview.Duration.TotalSeconds, message.Duration.TotalSeconds, 0.0001);
        Assert.InRange(message.Info.Head.OutputGainDecibels - preview.Gain, -0.7, 0.7);
        Assert.InRange(message.Size, preview.EstimatedSize / 3, preview.EstimatedSize * 2);
    }

    // Without a pause, which the encoder would pass over.
    private static float[] Hum(int frames, int rate) =>
        [.. Enumerable.Range(0, frames).Select(
            i =>
                (float)Enumerable.Range(1, 5).Sum(
                    n => 0.1 / n * Math.Sin(2 * Math.PI * n * (150.0 * i / rate + 2 * Math.Sin(9.0 * i / rate)))))];

    private static float[] Sound() => Signals.Voice(Frames, Rate);

    private static void Write(string path, float[] pcm, int rate)
    {
        using var writer = new WavWriter(File.Create(path), new AudioFormat(rate, 1));
        writer.Write(pcm);
    }

    // Correlates the two at 24 kHz, wherever they fit best, which is where they are but for what the file does not tell.
    private static void AssertLike(float[] expected, int rate, VoiceMessage message, int tolerance)
    {
        const int Common = 24_000;
        using var original = new ResamplingReader(new PcmReader(expected, new AudioFormat(rate, 1)), Common);
        using var decoded = message.OpenAudio(LibOpusCodec.Default, Common);
        var (one, other) = (ReadAll(original), ReadAll(decoded));
        var (best, at) = (-1.0, 0);
        for (var lag = -Common * 6 / 100; lag <= Common * 6 / 100; lag++)
        {
            var likeness = Correlation(one, other, lag);
            (best, at) = likeness > best ? (likeness, lag) : (best, at);
        }

        Assert.InRange(best, 0.98, 1.0001);
        Assert.InRange(Math.Abs(at), 0, tolerance * Common / rate + 12);
    }

    private static byte[] Box(string type, params byte[][] bodies)
    {
        byte[] body = [.. bodies.SelectMany(part => part)];
        var box = new byte[8 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        Encoding.ASCII.GetBytes(type, box.AsSpan(4));
        body.CopyTo(box, 8);
        return box;
    }

    private static double Correlation(float[] one, float[] other, int lag)
    {
        double product = 0, energy = 1e-9, otherEnergy = 1e-9;
        var end = Math.Min(one.Length, other.Length - lag);
        for (var i = Math.Max(0, -lag); i < end; i++)
        {
            product += one[i] * other[i + lag];
            energy += one[i] * one[i];
            otherEnergy += other[i + lag] * other[i + lag];
        }

        return product / Math.Sqrt(energy * otherEnergy);
    }

    private static float[] ReadAll(IAudioReader reader)
    {
        var all = new List<float>();
        var buffer = new float[4096];
        for (int count; (count = reader.Read(buffer)) > 0;)
            all.AddRange(buffer.AsSpan(0, count));
        return [.. all];
    }
}
