using System.Text;
using VoiceKit.Audio;
using VoiceKit.Importing;
using VoiceKit.LibOpus;
using VoiceKit.Tests.Support;

namespace VoiceKit.FFmpeg.Tests;

/// <summary>
/// What ffmpeg reads of sound is imported; what it does not read is named, with its place and without ffmpeg's own words.
/// </summary>
public class WildFormatTests
{
    private static readonly VoiceImporter Importer = new(LibOpusCodec.Default, FFmpegDecoder.Default);

    [Theory]
    [InlineData("voc", "-t voc", "VOC")]
    [InlineData("sph", "-t sph", "SPHERE")]
    [InlineData("ircam", "-t sf", "format")]
    [InlineData("avr", "-t avr", "AVR")]
    [InlineData("8svx", "-t 8svx", "8SVX")]
    [InlineData("wve", "-t wve", "WVE")]
    [InlineData("gsm.wav", "-t wav -e gsm-full-rate", "WAV")]
    public async Task Files_of_SoX_are_imported(string extension, string type, string content)
    {
        using var folder = new TemporaryFolder();
        Write(folder["in.wav"], 8000);
        Oracle.Run("sox", [folder["in.wav"], .. type.Split(' '), folder["a." + extension]]);
        File.Move(folder["a." + extension], folder["no name"]);
        var message = await Importer.ImportAsync(folder["no name"]);
        Assert.InRange(message.Duration.TotalSeconds, 1.95, 2.06);
        AssertHeard(message);
        Assert.Contains(content, (await Importer.PreviewAsync(folder["no name"])).Content);
    }

    [Theory]
    [InlineData("nut", "pcm_s16le")]
    [InlineData("nut", "flac")]
    [InlineData("tta", "tta")]
    [InlineData("wv", "wavpack")]
    [InlineData("mpg", "mp2")]
    [InlineData("ac3", "ac3")]
    public async Task Files_of_ffmpeg_are_imported(string extension, string codec)
    {
        using var folder = new TemporaryFolder();
        Write(folder["in.wav"], 44_100);
        Oracle.Run("ffmpeg", "-v", "error", "-i", folder["in.wav"], "-c:a", codec, folder["a." + extension]);
        File.Move(folder["a." + extension], folder["no name"]);
        var message = await Importer.ImportAsync(folder["no name"]);
        Assert.InRange(message.Duration.TotalSeconds, 1.95, 2.1);
        AssertHeard(message);
    }

    [Fact]
    public async Task Raw_GSM_is_known_by_its_name_or_when_it_is_said()
    {
        using var folder = new TemporaryFolder();
        Write(folder["in.wav"], 8000);
        Oracle.Run("sox", folder["in.wav"], "-t", "gsm", folder["a.gsm"]);
        var named = await Importer.ImportAsync(folder["a.gsm"]);
        Assert.InRange(named.Duration.TotalSeconds, 1.95, 2.05);
        AssertHeard(named);

        File.Copy(folder["a.gsm"], folder["no name"]);
        var told = new VoiceImporter(LibOpusCodec.Default, new FFmpegDecoder(new FFmpegOptions { InputFormat = "gsm" }));
        var message = await told.ImportAsync(folder["no name"]);
        Assert.Equal(named.Info.Samples, message.Info.Samples);
        Assert.Equal(
            named.Info.Samples, (await told.ImportAsync(new MemoryStream(File.ReadAllBytes(folder["a.gsm"])))).Info.Samples);
    }

    [Fact]
    public void A_name_of_a_format_is_a_name()
    {
        Assert.Throws<ArgumentException>(() => new FFmpegOptions { InputFormat = "concat:x" });
        Assert.Throws<ArgumentException>(() => new FFmpegOptions { InputFormat = "" });
        Assert.Contains("gsm", FFmpegOptions.DefaultFormats);
        foreach (var other in new[] { "concat", "hls", "dash", "image2", "lavfi", "rtsp", "sdp", "imf" })
            Assert.DoesNotContain(other, FFmpegOptions.DefaultFormats);
    }

    [Fact]
    public async Task A_format_that_is_not_allowed_is_not_used_though_it_is_said()
    {
        using var folder = new TemporaryFolder();
        Write(folder["in.wav"], 8000);
        File.WriteAllText(folder["list"], "ffconcat version 1.0\nfile in.wav\n");
        var importer = new VoiceImporter(LibOpusCodec.Default, new FFmpegDecoder(new FFmpegOptions { InputFormat = "concat" }));
        await Assert.ThrowsAnyAsync<VoiceKitException>(() => importer.ImportAsync(folder["list"]));
    }

    [Theory]
    [InlineData("#!SILK_V3")]
    [InlineData("\u0002#!SILK_V3")]
    public async Task Silk_of_QQ_and_WeChat_is_named_and_not_misread(string magic)
    {
        using var folder = new TemporaryFolder();
        var random = new byte[3000];
        new Random(1).NextBytes(random);
        File.WriteAllBytes(folder["voice.amr"], [.. Encoding.Latin1.GetBytes(magic), .. random]);
        var exception = await Assert.ThrowsAsync<VoiceFormatException>(() => Importer.ImportAsync(folder["voice.amr"]));
        Assert.StartsWith("It is QQ/WeChat SILK: not Opus", exception.Message);
        Assert.Equal(0, exception.Offset);
    }

    [Theory]
    [InlineData("#EXTM3U\n#EXTINF:1,\nin.wav\n#EXT-X-ENDLIST\n", "it is a text")]
    [InlineData("ffconcat version 1.0\nfile in.wav\n", "it is a text")]
    [InlineData("To be bought: bread, butter, a goat. All of it on Monday at the latest.", "it is a text")]
    [InlineData("%PDF-1.7\n", "it is a PDF document")]
    [InlineData("MZ\u0090\0", "its first bytes, 4D5A9000, tell no format")]
    [InlineData("\u0089PNG\r\n\u001a\n", "it is a PNG picture")]
    public async Task What_is_not_read_is_named_with_its_place(string start, string name)
    {
        Requires.Program("ffmpeg");
        using var folder = new TemporaryFolder();
        Write(folder["in.wav"], 8000);
        File.WriteAllBytes(
            folder["a"], [.. Encoding.Latin1.GetBytes(start), .. start[0] is 'M' or '\u0089' ? new byte[2000] : []]);
        var exception = await Assert.ThrowsAsync<VoiceFormatException>(() => Importer.ImportAsync(folder["a"]));
        Assert.Contains(name, exception.Message);
        Assert.Equal(0, exception.Offset);
        for (Exception? each = exception; each is not null; each = each.InnerException)
            Assert.DoesNotContain("whitelist", each.Message, StringComparison.OrdinalIgnoreCase);
    }

    // A stretch that was cut out of an MP3 or ADTS file begins in the middle of sound: there is no priming to leave out.
    [Theory]
    [InlineData("mp3", "libmp3lame -write_xing 0 -reservoir 0", 529)]
    [InlineData("aac", "aac", 1024)]
    public async Task Sound_at_the_start_is_kept_and_silence_of_the_codec_is_not(string extension, string encoding, int priming)
    {
        using var folder = new TemporaryFolder();
        Write(folder["in.wav"], 44_100);
        Oracle.Run("ffmpeg", ["-v", "error", "-i", folder["in.wav"], "-c:a", .. encoding.Split(' '), folder["a." + extension]]);
        Oracle.Run(
            "ffmpeg",
            "-v",
            "error",
            "-ss",
            "1",
            "-i",
            folder["a." + extension],
            "-c",
            "copy",
            "-map_metadata",
            "-1",
            "-write_xing",
            "0",
            folder["cut." + extension]);
        var decoded = Oracle.Ffmpeg(folder["cut." + extension]).Length * 44_100L / 48_000;
        using var cut = FFmpegAudioReader.Open(folder["cut." + extension]);
        Assert.InRange(Pcm.ReadAll(cut).Length - decoded, -2, priming);

        // A tone that begins behind silence: what the codec puts before it is left out.
        var silent = new float[44_100];
        Signals.Voice(30_000, 44_100).CopyTo(silent, 14_100);
        using (var writer = new WavWriter(File.Create(folder["b.wav"]), new AudioFormat(44_100, 1)))
            writer.Write(silent);
        Oracle.Run("ffmpeg", ["-v", "error", "-i", folder["b.wav"], "-c:a", .. encoding.Split(' '), folder["b." + extension]]);
        var message = await Importer.ImportAsync(folder["b." + extension]);
        Assert.InRange(message.Duration.TotalSeconds * 44_100, 44_100 - 1, 44_100 + 2400);
    }

    private static void Write(string path, int rate)
    {
        using var writer = new WavWriter(File.Create(path), new AudioFormat(rate, 1));
        writer.Write(Signals.Voice(2 * rate, rate));
    }

    private static void AssertHeard(VoiceMessage message)
    {
        using var audio = message.OpenAudio();
        Assert.InRange(Pcm.ReadAll(audio).Max(Math.Abs), 0.1f, 2);
    }
}
