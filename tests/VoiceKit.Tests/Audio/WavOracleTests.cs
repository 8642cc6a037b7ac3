using System.Runtime.InteropServices;
using VoiceKit.Audio;

namespace VoiceKit.Tests.Audio;

/// <summary>Files of ffmpeg and SoX are read to the samples that ffmpeg decodes, and ours are read by both.</summary>
public class WavOracleTests
{
    private const int Frames = 5003;

    private static readonly AudioFormat s_mono = new(16_000, 1);

    public static TheoryData<string, int> FfmpegCodecs
    {
        get
        {
            var data = new TheoryData<string, int>();
            string[] codecs =
            [
                "pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le", "pcm_alaw", "pcm_mulaw",
            ];
            foreach (string codec in codecs)
            {
                foreach (int channels in new[] { 1, 2, 6 })
                    data.Add(codec, channels);
            }
            return data;
        }
    }

    public static TheoryData<string, int, int> SoxEncodings
    {
        get
        {
            var data = new TheoryData<string, int, int>();
            (string, int)[] encodings =
            [
                ("unsigned", 8), ("signed", 16), ("signed", 24), ("signed", 32),
                ("float", 32), ("float", 64), ("a-law", 8), ("u-law", 8),
            ];
            foreach ((string encoding, int bits) in encodings)
            {
                foreach (int channels in new[] { 1, 2, 4 })
                    data.Add(encoding, bits, channels);
            }
            return data;
        }
    }

    public static TheoryData<WavSampleFormat, int> OurFormats
    {
        get
        {
            var data = new TheoryData<WavSampleFormat, int>();
            foreach (WavSampleFormat format in Enum.GetValues<WavSampleFormat>())
            {
                foreach (int channels in new[] { 1, 2, 3, 6, 8 })
                    data.Add(format, channels);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(FfmpegCodecs))]
    public void Files_and_pipes_of_ffmpeg_are_read(string codec, int channels)
    {
        using var folder = new WavTempFolder();
        string[] input = ["-f", "f32le", "-ar", "16000", "-ac", $"{channels}", "-i", "-"];
        string[] plain = ["-c:a", codec, "-f", "wav"];
        string[] large = [.. plain, "-rf64", "always"];
        byte[] source = WavTools.ToBytes(WavTools.Noise(Frames * channels, channels));
        File.WriteAllBytes(folder["pipe.wav"], WavTools.Ffmpeg(source, [.. input, .. plain, "-", .. plain, folder["plain.wav"]]));
        File.WriteAllBytes(folder["pipe64.wav"], WavTools.Ffmpeg(source, [.. input, .. large, "-", .. large, folder["64.wav"]]));
        Assert.Equal("RF64"u8, File.ReadAllBytes(folder["64.wav"]).AsSpan(0, 4));
        Assert.Equal("RF64"u8, File.ReadAllBytes(folder["pipe64.wav"]).AsSpan(0, 4));

        float[][] decoded = WavTools.DecodeAllWithFfmpeg(folder["plain.wav"], folder["64.wav"], folder["pipe.wav"]);
        AssertReads(decoded[0], folder["plain.wav"], channels, isOpen: false);
        AssertReads(decoded[1], folder["64.wav"], channels, isOpen: false);
        float[] piped = decoded[2];
        AssertReads(piped, folder["pipe.wav"], channels, isOpen: true);
        // ffmpeg itself takes the zeros in the ds64 chunk of its pipe for an empty file.
        AssertReads(piped, folder["pipe64.wav"], channels, isOpen: true);
    }

    [Theory]
    [MemberData(nameof(SoxEncodings))]
    public void Files_and_pipes_of_SoX_are_read(string encoding, int bits, int channels)
    {
        using var folder = new WavTempFolder();
        byte[] source = WavTools.ToBytes(WavTools.Noise(Frames * channels, channels));
        string[] encode =
        [
            "-t", "raw", "-e", "float", "-b", "32", "-r", "16000", "-c", $"{channels}", "-",
            "-e", encoding, "-b", $"{bits}", "-t", "wav",
        ];
        WavTools.Sox(source, [.. encode, folder["plain.wav"]]);
        File.WriteAllBytes(folder["pipe.wav"], WavTools.Sox(source, [.. encode, "-"]));
        Assert.NotEqual(File.ReadAllBytes(folder["pipe.wav"])[4..8], File.ReadAllBytes(folder["plain.wav"])[4..8]);

        float[][] decoded = WavTools.DecodeAllWithFfmpeg(folder["plain.wav"], folder["pipe.wav"]);
        AssertReads(decoded[0], folder["plain.wav"], channels, isOpen: false);
        AssertReads(decoded[1], folder["pipe.wav"], channels, isOpen: true);
    }

    [Theory]
    [MemberData(nameof(OurFormats))]
    public void Ours_are_read_by_ffmpeg_and_SoX(WavSampleFormat format, int channels)
    {
        using var folder = new WavTempFolder();
        float[] samples = WavTools.Noise(Frames * channels, channels);
        (string Name, bool CanSeek, long? Count)[] ways =
        [
            ("patched.wav", true, null), ("counted.wav", true, Frames),
            ("announced.wav", false, Frames), ("open.wav", false, null),
        ];
        foreach ((string name, bool canSeek, long? count) in ways)
        {
            using (FileStream file = File.Create(folder[name]))
            using (var writer = new WavWriter(Wrap(file, canSeek), new AudioFormat(16_000, channels), format, count))
                writer.Write(samples);
        }

        float[][] decoded = WavTools.DecodeAllWithFfmpeg([.. ways.Select(way => folder[way.Name])]);
        foreach (((string name, bool canSeek, long? count), float[] expected) in ways.Zip(decoded))
        {
            float[] ours = WavTools.ReadAll(File.ReadAllBytes(folder[name]));
            Assert.Equal(samples.Length, ours.Length);
            WavTools.AssertSame(ours, expected);
            AssertSoxReads(ours, folder[name], count is null && !canSeek);
        }
    }

    [Theory]
    [InlineData(6, "alaw")]
    [InlineData(7, "mulaw")]
    public void Every_code_of_G_711_is_read_as_ffmpeg_reads_it(ushort tag, string name)
    {
        byte[] codes = [.. Enumerable.Range(0, 256).Select(code => (byte)code)];
        string[] decode = ["-f", name, "-ar", "8000", "-ac", "1", "-i", "-", "-f", "f32le", "-c:a", "pcm_f32le", "-"];
        float[] expected = WavTools.ToFloats(WavTools.Ffmpeg(codes, decode));
        WavTools.AssertSame(expected, WavTools.ReadAll(new WavBytes { Tag = tag, Bits = 8, Data = codes }.Build()));
    }

    [Fact]
    public void Ours_as_RF64_is_read_by_ffmpeg()
    {
        using var folder = new WavTempFolder();
        const long announced = 3_000_000_000;
        float[] samples = WavTools.Noise(1000);
        using (FileStream file = File.Create(folder["rf64.wav"]))
        using (var writer = new WavWriter(Wrap(file, canSeek: false), s_mono, frameCount: announced))
            writer.Write(samples);
        Assert.Equal("RF64"u8, File.ReadAllBytes(folder["rf64.wav"]).AsSpan(0, 4));
        float[] ours = WavTools.ReadAll(File.ReadAllBytes(folder["rf64.wav"]));
        WavTools.AssertSame(ours, WavTools.DecodeWithFfmpeg(folder["rf64.wav"]));
        string frames = System.Text.Encoding.ASCII.GetString(WavTools.Run(
            "ffprobe", null, "-v", "error", "-show_entries", "stream=duration_ts", "-of", "csv=p=0", folder["rf64.wav"]));
        Assert.Equal(announced, long.Parse(frames, System.Globalization.CultureInfo.InvariantCulture));
    }

    private static void AssertSoxReads(float[] expected, string path, bool isOpen)
    {
        // Told to ignore the length, SoX reads open sizes to the end.
        string[] ignore = isOpen ? ["--ignore-length"] : [];
        byte[] raw = WavTools.Sox(null, [.. ignore, path, "-t", "raw", "-e", "signed", "-b", "32", "-"]);
        int[] codes = MemoryMarshal.Cast<byte, int>(raw).ToArray();
        Assert.Equal(expected.Length, codes.Length);
        for (int i = 0; i < codes.Length; i++)
        {
            // SoX works in 32 bits: a float that lies beyond full scale is clipped there, one below its steps is rounded.
            double clipped = Math.Clamp(expected[i] * 2147483648.0, int.MinValue, int.MaxValue);
            Assert.True(Math.Abs(clipped - codes[i]) <= 128, $"{path}, sample {i}: {codes[i]}, not {clipped}");
        }
    }

    private static void AssertReads(float[] expected, string path, int channels, bool isOpen)
    {
        // Padding behind an odd number of bytes is one frame more, in a pipe and in ffmpeg's RF64, where it is counted as sound.
        Assert.InRange(expected.Length, Frames * channels, Frames * channels + 1);
        int frames = expected.Length / channels;
        AssertReads(expected, WavReader.Open(path), channels, frames);
        var trickle = new WavTrickleStream(new MemoryStream(File.ReadAllBytes(path)), 7);
        AssertReads(expected, new WavReader(trickle), channels, isOpen ? null : frames);
    }

    private static void AssertReads(float[] expected, WavReader reader, int channels, long? frameCount)
    {
        using (reader)
        {
            Assert.Equal(new AudioFormat(16_000, channels), reader.Format);
            Assert.Equal(frameCount, reader.FrameCount);
            WavTools.AssertSame(expected, WavTools.ReadAll(reader));
            Assert.False(reader.IsTruncated);
        }
    }

    private static Stream Wrap(Stream stream, bool canSeek) => canSeek ? stream : new WavTrickleStream(stream);
}
