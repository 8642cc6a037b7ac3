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

    // The codec that the message itself is in must not be what is measured.
    private static readonly VoiceImportOptions Options = new()
    {
        Encoding = new VoiceEncodingOptions { Encoder = new OpusEncoderOptions { Bitrate = 96_000, Application = OpusApplication.Audio } },
    };

    // ADTS has no place for what the encoder adds before the sound (a frame) and behind it (up to one more).
    [Theory]
    [InlineData("m4a", "aac", 1024)]
    [InlineData("m4a", "alac", 0)]
    [InlineData("aac", "aac", 2048)]
    [InlineData("3gp", "aac", 1024)]
    [InlineData("mp3", "libmp3lame", 0)]
    [InlineData("flac", "flac", 0)]
    [InlineData("ogg", "libvorbis", 0)]
    [InlineData("webm", "libvorbis", 1024)]
    [InlineData("wma", "wmav2", 2048)]
    [InlineData("caf", "alac", 0)]
    [InlineData("aiff", "pcm_s16be", 0)]
    [InlineData("wav", "pcm_s24le", 0)]
    [InlineData("wav", "adpcm_ms", 2048)]
    [InlineData("au", "pcm_mulaw", 0)]
    public async Task Files_of_ffmpeg_keep_their_length_and_sound(string extension, string codec, int tolerance)
    {
        using var folder = new TemporaryFolder();
        var pcm = Sound();
        Write(folder["in.wav"], pcm, Rate);
        Oracle.Run("ffmpeg", "-v", "error", "-i", folder["in.wav"], "-c:a", codec, "-b:a", "128k", folder["x." + extension]);
        File.Move(folder["x." + extension], folder["no name"]);

        var message = await Importer.ImportAsync(folder["no name"], Options);
        Assert.InRange(Math.Abs(message.Duration.TotalSeconds * Rate - Frames), 0, tolerance + 1);
        Assert.InRange(Likeness(pcm, Rate, message), 0.98, 1.0001);
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
        Assert.InRange(Likeness(pcm, Rate, message), 0.98, 1.0001);
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
        Assert.InRange(Likeness(expected, Narrow, message), 0.98, 1.0001);
    }

    [Fact]
    public async Task The_pauses_of_AMR_stay_where_they_are()
    {
        using var folder = new TemporaryFolder();
        const int Narrow = 8000;
        float[] pcm = [.. new float[Narrow], .. Hum(Narrow, Narrow), .. new float[2 * Narrow], .. Hum(Narrow, Narrow)];
        Write(folder["in.wav"], pcm, Narrow);
        Oracle.Run("sox", folder["in.wav"], "-C", "7", folder["x.amr-nb"]);
        var message = await Importer.ImportAsync(folder["x.amr-nb"], Options);
        Assert.InRange(message.Duration.TotalSeconds, 4.98, 5.02);
        using var audio = message.OpenAudio(LibOpusCodec.Default, Narrow);
        var heard = ReadAll(audio);
        Assert.All(new[] { 0.5, 2.5, 3.5 }, time => Assert.InRange(Peak(heard, time), 0, 0.02f));
        Assert.All(new[] { 1.5, 4.5 }, time => Assert.InRange(Peak(heard, time), 0.1f, 1));

        static float Peak(float[] samples, double time) => samples.AsSpan((int)(time * Narrow) - 800, 1600).ToArray().Max(Math.Abs);
    }

    [Fact]
    public async Task Opus_is_taken_without_the_decoder_and_anything_else_needs_it()
    {
        using var folder = new TemporaryFolder();
        Write(folder["in.wav"], Sound(), Rate);
        Oracle.Run("ffmpeg", "-v", "error", "-i", folder["in.wav"], "-c:a", "libopus", folder["a.webm"]);
        Oracle.Run("ffmpeg", "-v", "error", "-i", folder["in.wav"], "-c:a", "aac", folder["a.m4a"]);
        var missing = new VoiceImporter(LibOpusCodec.Default, new FFmpegDecoder(new FFmpegOptions { Program = "ffmpeg-that-is-not-there" }));
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
        var options = new VoiceImportOptions { TrimSilence = true, TargetLoudness = -20, MaxLength = TimeSpan.FromSeconds(1.5), Bars = 30 };
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
        [.. Enumerable.Range(0, frames).Select(i => (float)Enumerable.Range(1, 5).Sum(n => 0.1 / n * Math.Sin(2 * Math.PI * n * (150.0 * i / rate + 2 * Math.Sin(9.0 * i / rate)))))];

    private static float[] Sound() => Signals.Voice(Frames, Rate);

    private static void Write(string path, float[] pcm, int rate)
    {
        using var writer = new WavWriter(File.Create(path), new AudioFormat(rate, 1));
        writer.Write(pcm);
    }

    // The best correlation of two sounds at 24 kHz, of all places up to 0.06 s apart.
    private static double Likeness(float[] expected, int rate, VoiceMessage message)
    {
        const int Common = 24_000;
        using var original = new ResamplingReader(new PcmReader(expected, new AudioFormat(rate, 1)), Common);
        using var decoded = message.OpenAudio(LibOpusCodec.Default, Common);
        var (one, other) = (ReadAll(original), ReadAll(decoded));
        var best = -1.0;
        for (var lag = -Common * 6 / 100; lag <= Common * 6 / 100; lag++)
            best = Math.Max(best, Correlation(one, other, lag));
        return best;
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
