using VoiceKit.Audio;
using VoiceKit.Waveforms;
using static VoiceKit.Tests.Waveforms.Signals;

namespace VoiceKit.Tests.Waveforms;

public class WaveformTests
{
    [Fact]
    public void SilenceIsAllZeros()
    {
        foreach (var waveform in new[] { Draw(new float[50_000], 40, Mono48), Draw([], 40, Mono48) })
        {
            Assert.Equal(0, waveform.Peak);
            Assert.Equal(new float[40], waveform.Peaks.ToArray());
            Assert.Equal(new float[40], waveform.Rms.ToArray());
            foreach (var scale in Enum.GetValues<WaveformScale>())
            {
                Assert.Equal(new float[40], waveform.ToBars(scale));
                Assert.Equal(new string('▁', 40), waveform.ToBlocks(scale: scale));
            }
        }
    }

    [Fact]
    public void LinearIsThePeakClippedAtOne() =>
        Assert.Equal([0f, 0.25f, 1f, 1f], Levels([0, 0.25f, 1, 3]).ToBars(WaveformScale.Linear));

    [Fact]
    public void NormalizedMakesTheHighestBarOne()
    {
        Assert.Equal([0f, 0.5f, 1f], Levels([0, 0.01f, 0.02f]).ToBars(WaveformScale.Normalized));
        Assert.Equal([0.25f, 1f], Levels([1, 4]).ToBars(WaveformScale.Normalized));
        Assert.Equal([1f], Levels([float.Epsilon]).ToBars(WaveformScale.Normalized));
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(0, -15, 4 / 9.0)]
    [InlineData(-20, -42.5, 0.25)]
    [InlineData(-10, -55, 0)]
    [InlineData(-10, -90, 0)]
    [InlineData(-50, -50, 4 / 9.0)]
    [InlineData(-80.1, -80.1, 0)]
    public void PerceptualFollowsItsFormula(double loudest, double level, double height) =>
        Assert.Equal(height, Levels([Amplitude(loudest), Amplitude(level)]).ToBars()[1], 1e-5);

    [Fact]
    public void PerceptualNeverFallsAsTheLevelRises()
    {
        var levels = Enumerable.Range(0, 20_000).Select(i => Amplitude(-110 + i * 0.006)).ToArray();
        var heights = Levels(levels).ToBars();
        for (var i = 1; i < heights.Length; i++)
            Assert.True(heights[i] >= heights[i - 1]);
        Assert.Equal((0f, 1f), (heights[0], heights[^1]));
    }

    [Theory]
    [InlineData(float.MaxValue)]
    [InlineData(float.Epsilon)]
    public void HeightsAreFiniteForEveryLevel(float level)
    {
        foreach (var scale in Enum.GetValues<WaveformScale>())
            Assert.All(Levels([level, 0, 1, float.Epsilon]).ToBars(scale), height => Assert.InRange(height, 0f, 1f));
    }

    [Fact]
    public void BlocksShowEightHeights()
    {
        var heights = Levels([0, 0.124f, 0.125f, 0.25f, 0.375f, 0.5f, 0.625f, 0.75f, 0.875f, 1]);
        Assert.Equal("▁▁▂▃▄▅▆▇██", heights.ToBlocks(scale: WaveformScale.Linear));
        Assert.Equal("▁▃▅▇█", heights.ToBlocks(5, WaveformScale.Linear));
        Assert.Equal(33, heights.ToBlocks(33).Length);
    }

    [Fact]
    public void ResamplingKeepsPeaksAndEnergy()
    {
        var waveform = Draw(WanderingNoise(960_000, seed: 4), 960, Mono48);
        AssertSame(waveform, waveform.Resample(960));
        foreach (var bars in new[] { 1, 7, 100, 961, 5000 })
        {
            var other = waveform.Resample(bars);
            Assert.Equal((bars, waveform.Peak, waveform.Duration), (other.Count, other.Peak, other.Duration));
            Assert.Equal(waveform.Peak, other.Peaks.ToArray().Max());
            Assert.Equal(MeanSquare(waveform), MeanSquare(other), MeanSquare(waveform) * 1e-6);
        }
    }

    [Fact]
    public void ResamplingToADivisorIsDrawingAfresh()
    {
        var pcm = WanderingNoise(16_000, seed: 4);
        var resampled = Draw(pcm, 400, Mono48).Resample(80);
        var afresh = Draw(pcm, 80, Mono48);
        Assert.Equal(afresh.Peaks, resampled.Peaks);
        for (var i = 0; i < 80; i++)
            Assert.Equal(afresh.Rms[i], resampled.Rms[i], afresh.Rms[i] * 1e-6);
    }

    [Fact]
    public void WrongArgumentsAreRefused()
    {
        var waveform = Levels([1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => waveform.ToBars((WaveformScale)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => waveform.ToBlocks(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => waveform.Resample(65_537));
        Assert.Throws<ArgumentException>(() => Levels([]));
        Assert.Throws<ArgumentException>(() => Levels(new float[65_537]));
        Assert.Throws<ArgumentException>(() => Levels([float.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Levels([-1]));
        Assert.Throws<ArgumentException>(() => new Waveform([1], [1, 1], 1, TimeSpan.Zero));
        Assert.Throws<ArgumentException>(() => new Waveform([1], [float.PositiveInfinity], 1, TimeSpan.Zero));
        Assert.Throws<ArgumentException>(() => new Waveform([1], [1], float.NaN, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Waveform([1], [1], 1, TimeSpan.FromTicks(-1)));
    }

    [Fact]
    public void AWaveformKeepsItsOwnLevels()
    {
        float[] peaks = [0.5f], rms = [0.25f];
        var waveform = new Waveform(peaks, rms, 0.75f, TimeSpan.FromSeconds(2));
        (peaks[0], rms[0]) = (0, 0);
        Assert.Equal((0.5f, 0.25f), (waveform.Peaks[0], waveform.Rms[0]));
        Assert.Equal((0.75f, TimeSpan.FromSeconds(2)), (waveform.Peak, waveform.Duration));
    }

    [Theory]
    [InlineData(1, 5_000)]
    [InlineData(2, 100_001)]
    public void FromAudioReadsToTheEnd(int channels, int frames)
    {
        var format = new AudioFormat(44_100, channels);
        var pcm = WanderingNoise(frames * channels, seed: 8);
        using var reader = new PieceReader(format, pcm);
        AssertSame(Draw(pcm, 60, format), Waveform.FromAudio(reader, 60));
        Assert.False(reader.Disposed);
    }

    [Fact]
    public void FromAudioStopsWhenCancelled()
    {
        using var source = new CancellationTokenSource();
        using var reader = new PieceReader(Mono48, new float[100_000]) { OnRead = source.Cancel };
        Assert.Throws<OperationCanceledException>(() => Waveform.FromAudio(reader, 10, null, source.Token));
        Assert.Equal(1, reader.Reads);
    }

    [Fact]
    public void FromAudioChecksItsArgumentsBeforeItReads()
    {
        using var reader = new PieceReader(Mono48, new float[100]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Waveform.FromAudio(reader, 0));
        Assert.Throws<ArgumentNullException>(() => Waveform.FromAudio(null!, 1));
        Assert.Equal(0, reader.Reads);
    }

    private static Waveform Levels(float[] levels) => new(levels, levels, levels.Append(0).Max(), TimeSpan.Zero);

    private static float Amplitude(double decibels) => (float)Math.Pow(10, decibels / 20);

    private static double MeanSquare(Waveform waveform) => waveform.Rms.ToArray().Average(rms => (double)rms * rms);

    /// <summary>Gives its samples in pieces of changing size.</summary>
    private sealed class PieceReader(AudioFormat format, float[] pcm) : IAudioReader
    {
        private int _position;

        public AudioFormat Format => format;

        public long? FrameCount => null;

        public bool Disposed { get; private set; }

        public int Reads { get; private set; }

        public Action? OnRead { get; init; }

        public int Read(Span<float> buffer)
        {
            OnRead?.Invoke();
            var frames = Math.Min(buffer.Length / format.Channels, 1 + Reads++ * 37 % 4999);
            var count = Math.Min(frames * format.Channels, pcm.Length - _position);
            pcm.AsSpan(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        public void Dispose() => Disposed = true;
    }
}
