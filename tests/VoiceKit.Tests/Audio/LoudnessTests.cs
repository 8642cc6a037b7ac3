using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Audio;

/// <summary>Loudness against ffmpeg's ebur128 filter and the recommendation's own numbers.</summary>
public class LoudnessTests
{
    [Fact]
    public void A_tone_has_the_loudness_that_the_recommendation_says()
    {
        // BS.1770-4, annex 1: 997 Hz at full scale in one channel is −3.01 LUFS.
        Assert.Equal(-3.01, Measure(Tone(997, 1, 3), new AudioFormat(48_000, 1)).Integrated, 0.02);
        // EBU Tech 3341, case 1: 1 kHz stereo at −23 dBFS is −23 LUFS.
        float[] stereo = [.. Tone(1000, Math.Pow(10, -23 / 20.0), 20).SelectMany(sample => new[] { sample, sample })];
        Assert.Equal(-23, Measure(stereo, new AudioFormat(48_000, 2)).Integrated, 0.1);
    }

    [Fact]
    public void Quiet_stretches_are_gated()
    {
        // EBU Tech 3341, case 3: 10 s at −36, 60 s at −23, 10 s at −36 dBFS is −23 LUFS.
        float[] pcm =
        [
            .. Tone(1000, Math.Pow(10, -36 / 20.0), 10), .. Tone(1000, Math.Pow(10, -23 / 20.0), 60),
            .. Tone(1000, Math.Pow(10, -36 / 20.0), 10), .. new float[48_000 * 20],
        ];
        float[] stereo = [.. pcm.SelectMany(sample => new[] { sample, sample })];
        Assert.Equal(-23, Measure(stereo, new AudioFormat(48_000, 2)).Integrated, 0.1);
    }

    [Theory]
    [InlineData(48_000, 1, 0)]
    [InlineData(44_100, 2, 0)]
    [InlineData(22_050, 1, -15)]
    [InlineData(16_000, 1, -30)]
    [InlineData(8_000, 1, 0)]
    [InlineData(11_025, 2, 0)]
    [InlineData(48_000, 6, -6)]
    [InlineData(96_000, 1, 0)]
    public void Speech_is_as_loud_as_ffmpeg_says(int rate, int channels, double decibels)
    {
        using var folder = new TemporaryFolder();
        Waveforms.Signals.Speak(folder["speech.wav"]);
        Oracle.Run(
            "ffmpeg",
            "-v",
            "error",
            "-i",
            folder["speech.wav"],
            "-af",
            $"volume={decibels.ToString(CultureInfo.InvariantCulture)}dB,apad=pad_dur=3",
            "-ar", $"{rate}", "-ac", $"{channels}", "-c:a", "pcm_f32le", folder["in.wav"]);
        using var reader = WavReader.Open(folder["in.wav"]);
        var loudness = Measure(WavTools.ReadAll(reader), reader.Format);
        Assert.Equal(FfmpegSays(folder["in.wav"]), loudness.Integrated, 0.1);
    }

    [Fact]
    public void Each_channel_of_surround_counts_as_ffmpeg_counts_it()
    {
        for (var channel = 0; channel < 6; channel++)
        {
            using var folder = new TemporaryFolder();
            var pcm = new float[6 * 48_000 * 2];
            var tone = Tone(500, 0.2, 2);
            for (var i = 0; i < tone.Length; i++)
                (pcm[6 * i + channel], pcm[6 * i]) = (tone[i], channel == 0 ? tone[i] : tone[i] / 4);
            Oracle.RunPiped(
                "ffmpeg",
                WavTools.ToBytes(pcm),
                "-v",
                "error",
                "-f",
                "f32le",
                "-ar",
                "48000",
                "-ac",
                "6",
                "-i",
                "-",
                folder["in.wav"]);
            Assert.Equal(FfmpegSays(folder["in.wav"]), Measure(pcm, new AudioFormat(48_000, 6)).Integrated, 0.1);
        }
    }

    [Fact]
    public void Silence_and_nothing_have_no_loudness_and_short_sounds_have_theirs()
    {
        var mono = new AudioFormat(48_000, 1);
        Assert.Equal(double.NegativeInfinity, Measure([], mono).Integrated);
        Assert.Equal(double.NegativeInfinity, Measure(new float[48_000], mono).Integrated);
        Assert.Equal(double.NegativeInfinity, Measure(new float[480], mono).Integrated);
        Assert.Equal(-23, Measure(Tone(997, Math.Pow(10, -20 / 20.0), 3)[..9600], mono).Integrated, 0.2);
        Assert.Equal(0.5, Measure([0, -0.5f, 0.25f, float.NaN], mono).SamplePeak);
    }

    [Fact]
    public void Pieces_change_nothing_and_a_reset_forgets_all()
    {
        var format = new AudioFormat(22_050, 2);
        var pcm = Signals.Voice(22_050 * 3, 22_050, 2);
        var whole = Measure(pcm, format);
        var pieces = new Loudness(format);
        pieces.Add(Signals.Voice(30_000, 22_050, 2));
        pieces.Reset();
        var random = new Random(1770);
        for (var at = 0; at < pcm.Length;)
        {
            var count = Math.Min(pcm.Length - at, 2 * random.Next(0, 3000));
            pieces.Add(pcm.AsSpan(at, count));
            at += count;
        }

        Assert.Equal(
            (whole.Integrated, whole.SamplePeak, whole.FrameCount), (pieces.Integrated, pieces.SamplePeak, pieces.FrameCount));
    }

    [Fact]
    public void Adding_allocates_nothing()
    {
        var loudness = new Loudness(new AudioFormat(48_000, 2));
        var pcm = Signals.Voice(10_000, 48_000, 2);
        loudness.Add(pcm);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++)
            loudness.Add(pcm);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Loudness Measure(float[] pcm, AudioFormat format)
    {
        var loudness = new Loudness(format);
        loudness.Add(pcm);
        return loudness;
    }

    private static float[] Tone(double frequency, double amplitude, int seconds) =>
        [.. Enumerable.Range(0, seconds * 48_000).Select(
            i => (float)(amplitude * Math.Sin(2 * Math.PI * frequency * i / 48_000)))];

    // The filter prints its running measurement; the last one is that of the whole file.
    private static double FfmpegSays(string path)
    {
        var (output, _) = Oracle.Run(
            "ffmpeg",
            "-v",
            "error",
            "-i",
            path,
            "-af",
            "ebur128=metadata=1,ametadata=print:key=lavfi.r128.I:file=-",
            "-f",
            "null",
            "-");
        var last = output.Split('\n').Last(line => line.StartsWith("lavfi.r128.I=", StringComparison.Ordinal));
        return double.Parse(last.Split('=')[1], CultureInfo.InvariantCulture);
    }
}
