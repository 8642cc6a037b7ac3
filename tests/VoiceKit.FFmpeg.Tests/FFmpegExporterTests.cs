using System.Globalization;
using System.Text.Json;
using VoiceKit.Audio;
using VoiceKit.Storage;
using VoiceKit.Tests;
using VoiceKit.Tests.Support;

namespace VoiceKit.FFmpeg.Tests;

public class FFmpegExporterTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 21, 10, 30, 15, TimeSpan.FromHours(2));

    private static readonly StoredVoiceMessage Message = new()
    {
        Id = "id-1",
        Path = "/nowhere/Sent/PTT -i \"$(x)\"; Grüße.opus",
        Direction = VoiceMessageDirection.Received,
        Sender = "secret",
        Time = Time,
        Duration = default,
        Size = 0,
    };

    [Theory]
    [InlineData(FFmpegExportFormat.Mp3, "mp3", "mp3", 1, 48_000)]
    [InlineData(FFmpegExportFormat.Mp3, "mp3", "mp3", 2, 16_000)]
    [InlineData(FFmpegExportFormat.M4a, "mov,mp4,m4a,3gp,3g2,mj2", "aac", 1, 16_000)]
    [InlineData(FFmpegExportFormat.M4a, "mov,mp4,m4a,3gp,3g2,mj2", "aac", 2, 48_000)]
    public async Task An_export_sounds_the_same_and_says_when_it_was_sent(
        FFmpegExportFormat format, string container, string codec, int channels, int rate)
    {
        Requires.Program("ffmpeg");
        using var folder = new TemporaryFolder();
        var voice = Signals.Voice(2 * rate, rate, channels);
        await ExportAsync(new FFmpegExporter(format), Wav(folder, voice, rate, channels), folder["out"]);

        var probe = Oracle.Run(
            "ffprobe",
            "-v",
            "error",
            "-of",
            "json",
            "-show_entries",
            "format=format_name:format_tags:stream=codec_name,channels,sample_rate",
            folder["out"]);
        var root = JsonDocument.Parse(probe.Output).RootElement;
        var (file, stream) = (root.GetProperty("format"), root.GetProperty("streams")[0]);
        Assert.Equal(container, file.GetProperty("format_name").GetString());
        Assert.Equal(
            (codec, channels), (stream.GetProperty("codec_name").GetString(), stream.GetProperty("channels").GetInt32()));
        Assert.Equal($"{rate}", stream.GetProperty("sample_rate").GetString());
        Assert.Equal("PTT -i \"$(x)\"; Grüße", file.GetProperty("tags").GetProperty("title").GetString());
        Assert.Equal(Time.UtcDateTime, DateTime.Parse(
            file.GetProperty("tags").GetProperty("date").GetString()!,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal));
        Assert.DoesNotContain("secret", probe.Output);

        // As long but for a frame of the codec, and as loud.
        using var reader = FFmpegAudioReader.Open(folder["out"]);
        var decoded = ReadAll(reader);
        Assert.InRange(decoded.Length, voice.Length - 1024 * channels, voice.Length + 1024 * channels);
        Assert.InRange(Correlate(voice, decoded), 0.97, 1.0);
    }

    // Without it, a converter cuts what is louder than full scale, flat.
    [Fact]
    public async Task Loud_audio_is_bent_down_as_the_player_does_it()
    {
        using var folder = new TemporaryFolder();

        // Up to what libopus bends: beyond twice full scale it cuts first.
        var voice = Signals.Voice(96_000);
        var peak = voice.Max(Math.Abs);
        var loud = Array.ConvertAll(voice, sample => sample / peak * 1.7f);
        using (var writer = new WavWriter(File.Create(folder["in.wav"]), new AudioFormat(48_000, 1), WavSampleFormat.Float32))
            writer.Write(loud);
        var script = Script(folder, "cat > \"$0.raw\"");
        await ExportAsync(
            new FFmpegExporter(FFmpegExportFormat.M4a, new FFmpegOptions { Program = script }), folder["in.wav"], folder["out"]);
        var given = Oracle.Floats(File.ReadAllBytes(script + ".raw"));
        Assert.Equal(loud.Length, given.Length);
        Assert.InRange(given.Max(Math.Abs), 0.9f, 1);

        // The curve is level at its top, where neighbours may be equal; what is cut is flat all the while that it is too loud.
        var tooLoud = loud.Count(sample => Math.Abs(sample) >= 1);
        var flat = Enumerable.Range(1, given.Length - 1).Count(i => Math.Abs(given[i]) >= 1 && given[i] == given[i - 1]);
        Assert.InRange(tooLoud, 1000, loud.Length);
        Assert.InRange(flat, 0, tooLoud / 10);
    }

    [Fact]
    public async Task A_failure_has_what_the_program_said_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        var wav = Wav(folder, new float[480_000], 48_000, 1);
        foreach (var (text, code) in new[] { ("cat >/dev/null; echo no disk >&2; exit 5", 5), ("echo no disk >&2; exit 6", 6) })
        {
            var options = new FFmpegOptions { Program = Script(folder, text) };
            var exception = await Assert.ThrowsAsync<FFmpegException>(
                () => ExportAsync(new FFmpegExporter(FFmpegExportFormat.Mp3, options), wav, folder["out"]));
            Assert.Equal((code, "no disk"), (exception.ExitCode, exception.Log));
        }

        var missing = new FFmpegExporter(FFmpegExportFormat.Mp3, new FFmpegOptions { Program = "ffmpeg-that-is-not-there" });
        Assert.Contains(
            "install", (await Assert.ThrowsAsync<FFmpegException>(() => ExportAsync(missing, wav, folder["out"]))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FFmpegExporter((FFmpegExportFormat)9));
    }

    [Fact]
    public async Task A_program_that_takes_nothing_or_does_not_end_is_ended()
    {
        using var folder = new TemporaryFolder();
        var wav = Wav(folder, new float[480_000], 48_000, 1);
        foreach (var text in new[] { "sleep 600 | sleep 600", "cat >/dev/null; sleep 600" })
        {
            var options = new FFmpegOptions
            {
                Program = Script(folder, $"echo $$ > \"$0.pid\"; {text}"),
                Timeout = TimeSpan.FromMilliseconds(500),
            };
            var exception = await Assert.ThrowsAsync<FFmpegException>(
                () => ExportAsync(new FFmpegExporter(FFmpegExportFormat.M4a, options), wav, folder["out"]));
            Assert.Contains("0.5 s", exception.Message);
            await AssertGoneAsync(File.ReadAllText(options.Program + ".pid").Trim());
        }
    }

    [Theory]
    [InlineData("sleep 600 | sleep 600")]
    [InlineData("cat >/dev/null; touch \"$0.full\"; sleep 600")]
    public async Task Cancelling_ends_the_program(string text)
    {
        using var folder = new TemporaryFolder();
        var script = Script(folder, $"echo $$ > \"$0.new\"; mv \"$0.new\" \"$0.pid\"; {text}");
        using var source = new CancellationTokenSource();
        var exporter = new FFmpegExporter(
            FFmpegExportFormat.Mp3, new FFmpegOptions { Program = script, Timeout = TimeSpan.FromMinutes(10) });
        var export = ExportAsync(exporter, Wav(folder, new float[480_000], 48_000, 1), folder["out"], source.Token);
        while (!File.Exists(script + ".pid") || (text.Contains("full") && !File.Exists(script + ".full")))
            await Task.Delay(10);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => export);
        await AssertGoneAsync(File.ReadAllText(script + ".pid").Trim());
    }

    private static async Task ExportAsync(
        FFmpegExporter exporter, string wav, string path, CancellationToken cancellationToken = default)
    {
        using var source = WavReader.Open(wav);
        await using var output = File.Create(path);
        await exporter.ExportAsync(Message, source, output, cancellationToken);
    }

    private static string Wav(TemporaryFolder folder, float[] samples, int rate, int channels)
    {
        using var writer = new WavWriter(File.Create(folder["in.wav"]), new AudioFormat(rate, channels));
        writer.Write(samples);
        return folder["in.wav"];
    }

    private static string Script(TemporaryFolder folder, string text)
    {
        var path = folder[$"script{Guid.NewGuid():N}"];
        File.WriteAllText(path, "#!/bin/sh\n" + text + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private static async Task AssertGoneAsync(string id)
    {
        for (var i = 0; i < 500 && Directory.Exists($"/proc/{id}"); i++)
            await Task.Delay(10);
        Assert.False(Directory.Exists($"/proc/{id}"));
    }

    private static float[] ReadAll(IAudioReader reader)
    {
        var all = new List<float>();
        var buffer = new float[4096];
        int count;
        while ((count = reader.Read(buffer)) > 0)
            all.AddRange(buffer.AsSpan(0, count));
        return [.. all];
    }

    private static double Correlate(float[] a, float[] b)
    {
        double product = 0, first = 0, second = 0;
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            product += a[i] * b[i];
            first += a[i] * a[i];
            second += b[i] * b[i];
        }

        return product / Math.Sqrt(first * second);
    }
}
