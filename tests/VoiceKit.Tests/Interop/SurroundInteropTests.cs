using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Interop;

/// <summary>Surround (mapping family 1) is mixed down as opus-tools do (RFC 7845 §5.1.1.5).</summary>
public class SurroundInteropTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Surround_is_mixed_to_stereo_as_opusdec_does(int channels)
    {
        using var folder = new TemporaryFolder();
        var file = Encode(folder, channels);
        Oracle.Run(
            "opusdec", "--quiet", "--float", "--no-dither", "--rate", "48000", "--force-stereo", file, folder["stereo.wav"]);
        var expected = Oracle.DataOfFloatWav(File.ReadAllBytes(folder["stereo.wav"]));
        var actual = Decode(file, null);
        Assert.Equal(expected.Length, actual.Length);
        Assert.True(expected.Max() > 0.05f);

        // opusdec has the matrices with four digits, and in that of four channels 0.3360 where figure 5 has 0.366025 for the
        // right.
        var side = channels == 4 ? 1 : 2;
        Assert.InRange(LargestDifference(Sides(expected, side), Sides(actual, side)), 0, 2e-4f);
    }

    [Fact]
    public void Surround_in_mono_is_the_mean_of_the_stereo_mix()
    {
        using var folder = new TemporaryFolder();
        var file = Encode(folder, 6);
        var stereo = Decode(file, 2);
        var mono = Decode(file, 1);
        float[] mean = [.. mono.Select((_, i) => (stereo[2 * i] + stereo[2 * i + 1]) / 2)];
        Assert.InRange(LargestDifference(mean, mono), 0, 1e-5f);
    }

    [Fact]
    public void Header_gain_applies_to_surround()
    {
        using var folder = new TemporaryFolder();
        var file = Encode(folder, 6);
        var plain = Decode(file, 2);
        var bytes = File.ReadAllBytes(file);
        var at = bytes.AsSpan().IndexOf("OpusHead"u8) + 16;
        BitConverter.TryWriteBytes(bytes.AsSpan(at), (short)(-6 * 256));
        File.WriteAllBytes(file, bytes); // The checksum is wrong now, which an OpusHead that can be read survives.
        var quieter = Decode(file, 2);
        var factor = (float)Math.Pow(10, -6 / 20.0);
        Assert.InRange(LargestDifference([.. plain.Select(sample => sample * factor)], quieter), 0, 1e-5f);
    }

    [Fact]
    public void Channels_without_a_meaning_are_refused_clearly()
    {
        using var folder = new TemporaryFolder();
        Oracle.Run(
            "ffmpeg",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "sine=d=1",
            "-ac",
            "3",
            "-c:a",
            "libopus",
            "-mapping_family",
            "255",
            folder["x.opus"]);
        var error = Assert.Throws<VoiceFormatException>(() => Decode(folder["x.opus"], null));
        Assert.Contains("family 255", error.Message);
        Assert.Contains("3 channels", error.Message);
        Assert.Equal(48_000, OpusInfo.Read(new MemoryStream(File.ReadAllBytes(folder["x.opus"]))).Samples);
    }

    [Fact]
    public void Decoding_surround_allocates_nothing()
    {
        using var folder = new TemporaryFolder();
        using var reader = new OpusAudioReader(File.OpenRead(Encode(folder, 6)), LibOpusCodec.Default);
        var buffer = new float[1920];
        for (var i = 0; i < 30; i++)
            reader.Read(buffer);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++)
            Assert.True(reader.Read(buffer) > 0);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static string Encode(TemporaryFolder folder, int channels)
    {
        // A tone of its own for each channel.
        string[] tones = [.. Enumerable.Range(1, channels).SelectMany(i => new[] { "sine", $"{150 * i}" })];
        Oracle.Run(
            "sox",
            ["-n", "-r", "48000", "-c", $"{channels}", "-b", "16", folder["in.wav"], "synth", "2", .. tones, "gain", "-12"]);
        Oracle.Run("opusenc", "--quiet", folder["in.wav"], folder["in.opus"]);
        return folder["in.opus"];
    }

    private static float[] Decode(string file, int? channels)
    {
        using var reader = new OpusAudioReader(File.OpenRead(file), LibOpusCodec.Default, channels: channels);
        var all = new List<float>();
        var buffer = new float[9600];
        int count;
        while ((count = reader.Read(buffer)) > 0)
            all.AddRange(buffer.AsSpan(0, count));
        return [.. all];
    }

    private static float[] Sides(float[] stereo, int sides) => [.. stereo.Where((_, i) => i % 2 < sides)];

    private static float LargestDifference(float[] one, float[] other) => one.Zip(other, (a, b) => Math.Abs(a - b)).Max();
}
