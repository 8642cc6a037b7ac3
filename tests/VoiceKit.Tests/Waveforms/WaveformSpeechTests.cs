using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.Waveforms;
using static VoiceKit.Tests.Waveforms.Signals;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Waveforms;

/// <summary>Bars of synthetic speech, against programs that measure it on their own.</summary>
public sealed class WaveformSpeechTests : IDisposable
{
    private static readonly AudioFormat _format = new(22_050, 1);

    // One step of the eight block characters: what is higher differs from silence at a glance.
    private const float Visible = 1 / 8f;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly string _wav;
    private readonly float[] _pcm;

    public WaveformSpeechTests()
    {
        _wav = Path.Combine(_folder.FullName, "speech.wav");
        Speak(_wav);
        _pcm = DecodeWav(_wav);
        Assert.InRange(_pcm.Length, 5 * 22_050, 30 * 22_050);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void BarsAgreeWithSox()
    {
        const int bars = 23;
        var length = _pcm.Length / bars;
        var waveform = Draw(_pcm.AsSpan(0, length * bars), bars, _format);
        for (var i = 0; i < bars; i += 2)
        {
            var stat = Oracle.Run("sox", _wav, "-n", "trim", $"{i * length}s", $"{length}s", "stat").Error;
            var peak = Math.Max(Value(stat, "Maximum amplitude:"), -Value(stat, "Minimum amplitude:"));
            var rms = Value(stat, "RMS     amplitude:");
            var bin = _pcm.Length / 8192 + 1;
            Assert.InRange(waveform.Peaks[i], peak - 1e-6, PeakAround(i * length, length, bin) + 1e-6);
            Assert.Equal(rms, waveform.Rms[i], rms * 0.02 + 1e-6);
        }
    }

    [Fact]
    public void BarsAgreeWithFfmpeg()
    {
        // Short enough for one frame a bin, where bars are exact.
        const int bars = 10, length = 1600;
        var waveform = Draw(_pcm.AsSpan(0, length * bars), bars, _format);
        for (var i = 0; i < bars; i++)
        {
            // As floats, for astats takes 32,767 for full scale in 16 bits.
            var trim = $"atrim=start_sample={i * length}:end_sample={(i + 1) * length}";
            var filter = $"aformat=sample_fmts=flt,{trim},astats=measure_overall=none";
            var stats = Oracle.Run("ffmpeg", "-hide_banner", "-nostats", "-i", _wav, "-af", filter, "-f", "null", "-").Error;
            var rms = Math.Pow(10, Value(stats, "RMS level dB:") / 20);
            var peak = Math.Pow(10, Value(stats, "Peak level dB:") / 20);
            Assert.Equal(rms, waveform.Rms[i], rms * 1e-6);
            Assert.Equal(peak, waveform.Peaks[i], peak * 1e-6);
        }
    }

    [Theory]
    [InlineData(48)]
    [InlineData(100)]
    public void QuietSpeechIsVisible(int bars)
    {
        var full = Draw(_pcm, bars, _format);
        var loudest = full.Rms.ToArray().Max();
        var voiced = Enumerable.Range(0, bars).Where(i => full.Rms[i] > loudest / 10).ToArray();
        var quiet = Draw(Scale(_pcm, -30), bars, _format);
        var heights = quiet.ToBars();
        Assert.True(voiced.Length > bars / 2, "The speech has fewer voiced bars than a voice message.");
        Assert.All(voiced, i => Assert.True(heights[i] > Visible, $"Bar {i} is only {heights[i]} high."));
        Assert.True(voiced.Select(i => heights[i]).Order().ElementAt(voiced.Length / 2) > 3 * Visible);
        Assert.All(quiet.ToBars(WaveformScale.Linear), height => Assert.True(height < Visible));
    }

    [Fact]
    public void RoomNoiseStaysLow()
    {
        var noise = new float[_pcm.Length];
        var random = new Random(1);
        for (var i = 0; i < noise.Length; i++)
            noise[i] = (float)(Math.Pow(10, -65 / 20.0) * Math.Sqrt(3) * (2 * random.NextDouble() - 1));
        var alone = Draw(noise, 60, _format);
        Assert.All(alone.ToBars(), height => Assert.InRange(height, 0.01f, Visible));

        var speech = _pcm.Zip(noise, (a, b) => a + b).ToArray();
        Assert.Contains('▁', Draw(speech, 60, _format).ToBlocks());
        Assert.Contains('█', Draw(speech, 60, _format).ToBlocks());
    }

    [Fact]
    public void TheGainOfLoudEnoughSpeechDoesNotMatter()
    {
        var full = Draw(_pcm, 60, _format).ToBars();
        var softer = Draw(Scale(_pcm, -12), 60, _format).ToBars();
        for (var i = 0; i < full.Length; i++)
            Assert.Equal(full[i], softer[i], 1e-4);
    }

    private float PeakAround(int start, int length, int margin) =>
        new NaiveBars(_pcm, 1).PeakOf(start - margin, start + length + margin);

    private static double Value(string report, string name)
    {
        var start = report.IndexOf(name, StringComparison.Ordinal);
        Assert.True(start >= 0, $"No \"{name}\" in: {report}");
        var line = report[(start + name.Length)..].Split('\n')[0].Trim();
        return line == "-inf" ? double.NegativeInfinity : double.Parse(line, NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
