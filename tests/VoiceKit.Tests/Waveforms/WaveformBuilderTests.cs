using FsCheck;
using FsCheck.Fluent;
using VoiceKit.Audio;
using VoiceKit.Tests.Support;
using VoiceKit.Waveforms;
using static VoiceKit.Tests.Waveforms.Signals;

namespace VoiceKit.Tests.Waveforms;

public class WaveformBuilderTests
{
    // One ulp of a float is 2^-23; the sums are made in double.
    private const double FloatPrecision = 1.3e-7;

    public static TheoryData<int, int, int> ShortAudio => new()
    {
        { 1, 1, 1 }, { 1, 1, 7 }, { 2, 1, 3 }, { 1000, 1, 100 }, { 1000, 2, 333 }, { 4801, 1, 48 }, { 16_383, 2, 61 },
        { 16_384, 1, 100 }, { 16_384, 1, 65_536 }, { 63, 6, 10 }, { 64, 1, 64 }, { 65, 3, 64 }, { 300, 255, 7 },
    };

    [Theory]
    [MemberData(nameof(ShortAudio))]
    public void ShortAudioHasExactBars(int frames, int channels, int bars)
    {
        var pcm = WanderingNoise(frames * channels, seed: frames);
        AssertExact(new NaiveBars(pcm, channels), Draw(pcm, bars, new AudioFormat(16_000, channels)));
    }

    [Fact]
    public void EveryNumberOfBarsIsExactForFewFrames()
    {
        var builder = new WaveformBuilder(Mono48);
        for (var bars = 1; bars <= 1000; bars++)
        {
            foreach (var frames in new[] { 0, 1, 2, 3, bars })
            {
                var pcm = WanderingNoise(frames, seed: bars);
                builder.Reset();
                builder.Add(pcm);
                AssertExact(new NaiveBars(pcm, 1), builder.Build(bars));
            }
        }
    }

    [Theory]
    [InlineData(16_385, 1, 100)]
    [InlineData(100_000, 1, 64)]
    [InlineData(480_000, 1, 100)]
    [InlineData(1_234_567, 2, 256)]
    [InlineData(3_000_001, 1, 1000)]
    [InlineData(2_097_152, 1, 4099)]
    public void LongAudioKeepsTheDocumentedAccuracy(int frames, int channels, int bars)
    {
        var pcm = WanderingNoise(frames * channels, seed: bars);
        var naive = new NaiveBars(pcm, channels);
        var waveform = Draw(pcm, bars, new AudioFormat(48_000, channels));
        var bin = frames / 8192 + 1;
        var samplesPerBar = (double)frames / bars * channels;
        for (var i = 0; i < bars; i++)
        {
            var (start, end) = ((long)i * frames / bars, ((i + 1L) * frames + bars - 1) / bars);
            Assert.InRange(waveform.Peaks[i], naive.Peak(i, bars), naive.PeakOf(start - bin, end + bin));

            var energy = (double)waveform.Rms[i] * waveform.Rms[i] * samplesPerBar;
            var exact = naive.Energy(i, bars);
            var allowed = naive.EnergyOf(start - bin, start + bin) + naive.EnergyOf(end - bin, end + bin);
            Assert.InRange(energy, exact - allowed - exact * 1e-6, exact + allowed + exact * 1e-6);
        }
    }

    [Theory]
    [InlineData(1 << 20, 1, 128)]
    [InlineData(1 << 22, 2, 1024)]
    public void BarsThatShareEdgesWithBinsAreExact(int frames, int channels, int bars)
    {
        var pcm = WanderingNoise(frames * channels, seed: 5);
        AssertExact(new NaiveBars(pcm, channels), Draw(pcm, bars, new AudioFormat(48_000, channels)));
    }

    [Fact]
    public void BarsDoNotDependOnThePieces()
    {
        var cases = from frames in Gen.Frequency(
                        (3, Gen.Choose(0, 300)), (3, Gen.Choose(15_000, 70_000)), (1, Gen.Choose(100_000, 400_000)))
                    from channels in Gen.Choose(1, 2)
                    from maxPiece in Gen.Elements(1, 3, 63, 64, 65, 960, 5000)
                    from bars in Gen.Choose(1, 2000)
                    from seed in Gen.Choose(1, 1_000_000)
                    select (frames, channels, maxPiece, bars, seed);
        Check.One(Config.QuickThrowOnFailure.WithReplay(20_260, 7).WithMaxTest(60), Prop.ForAll(cases.ToArbitrary(), c =>
            AssertPiecesDoNotMatter(c.frames, c.channels, c.maxPiece, c.bars, c.seed)));
    }

    [Theory]
    [InlineData(5_000_000, 1, 960, 100)]
    [InlineData(3_333_333, 2, 4097, 257)]
    [InlineData(2_097_153, 1, 1, 65_536)]
    public void BarsOfLongAudioDoNotDependOnThePieces(int frames, int channels, int maxPiece, int bars) =>
        AssertPiecesDoNotMatter(frames, channels, maxPiece, bars, seed: 3);

    [Fact]
    public void BuildingInBetweenChangesNothing()
    {
        var pcm = WanderingNoise(200_000, seed: 11);
        var builder = new WaveformBuilder(Mono48);
        var random = new Random(12);
        for (var position = 0; position < pcm.Length;)
        {
            var piece = Math.Min(random.Next(1, 9000), pcm.Length - position);
            builder.Add(pcm.AsSpan(position, piece));
            position += piece;
            var bars = random.Next(1, 500);
            AssertSame(Draw(pcm.AsSpan(0, position), bars, Mono48), builder.Build(bars));
            AssertSame(builder.Build(77), builder.Build(77));
        }
    }

    [Fact]
    public async Task AnotherThreadDrawsWhatWasAddedSoFar()
    {
        // 1,000 frames a second make a frame a whole number of ticks, so the duration tells the frames drawn.
        var format = new AudioFormat(1000, 1);
        var pcm = WanderingNoise(4_000_000, seed: 21);
        var builder = new WaveformBuilder(format);
        var drawn = new List<Waveform>();
        var adding = Task.Run(() => AddInPieces(builder, pcm, maxFrames: 15, seed: 22));
        do
            drawn.Add(builder.Build(50));
        while (!adding.IsCompleted);
        await adding;
        drawn.Add(builder.Build(50));

        var alone = new WaveformBuilder(format);
        foreach (var waveform in drawn)
        {
            var added = (int)alone.FrameCount;
            alone.Add(pcm.AsSpan(added, (int)waveform.Duration.TotalMilliseconds - added));
            AssertSame(alone.Build(50), waveform);
        }

        Assert.Equal(pcm.Length, alone.FrameCount);
    }

    [Fact]
    public void TheHighestBarIsThePeakOfTheAudio()
    {
        for (var seed = 1; seed < 40; seed++)
        {
            var random = new Random(seed);
            var pcm = WanderingNoise(random.Next(1, 400_000), seed);
            pcm[random.Next(pcm.Length)] = -1.234567f;
            var waveform = Draw(pcm, random.Next(1, 3000), Mono48);
            Assert.Equal(1.234567f, waveform.Peak);
            Assert.Equal(1.234567f, waveform.Peaks.ToArray().Max());
        }
    }

    [Fact]
    public void AddingAnHourAllocatesNothing()
    {
        var piece = WanderingNoise(961, seed: 1);
        var builder = new WaveformBuilder(Mono48);
        builder.Add(piece);
        AllocationBudget.Hold("bars", packets: 3600 * 50, () =>
        {
            while (builder.Duration < TimeSpan.FromHours(1))
                builder.Add(piece);
        });
        Assert.InRange(builder.Build(10).Rms[9], 0.0001f, 1f);
    }

    [Fact]
    public void BuildingAllocatesOnlyTheBars()
    {
        var builder = new WaveformBuilder(Mono48);
        builder.Add(WanderingNoise(1_000_000, seed: 1));
        builder.Build(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        builder.Build(100);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 2 * 100 * sizeof(float) + 200);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(40_000)]
    public void NotANumberCountsAsZero(int frames)
    {
        var pcm = WanderingNoise(frames, seed: 9);
        var zeroed = (float[])pcm.Clone();
        for (var i = 0; i < frames; i += 3)
        {
            pcm[i] = i % 2 == 0 ? float.NaN : BitConverter.Int32BitsToSingle(unchecked((int)0xFF80_0001));
            zeroed[i] = 0;
        }

        AssertSame(Draw(zeroed, 25, Mono48), Draw(pcm, 25, Mono48));
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.MaxValue)]
    [InlineData(-16.001f)]
    public void WildSamplesAreBounded(float wild)
    {
        var pcm = WanderingNoise(40_000, seed: 9);
        var bounded = (float[])pcm.Clone();
        foreach (var i in new[] { 0, 1, 777, 20_001, 39_999 })
            (pcm[i], bounded[i]) = (wild, 16);
        var waveform = Draw(pcm, 25, Mono48);
        AssertSame(Draw(bounded, 25, Mono48), waveform);
        Assert.Equal(16, waveform.Peak);
        Assert.All(waveform.ToBars(), height => Assert.InRange(height, 0f, 1f));
    }

    [Fact]
    public void OneWildSampleLeavesTheOtherBarsVisible()
    {
        var pcm = WanderingNoise(480_000, seed: 2);
        var before = Draw(pcm, 100, Mono48).ToBars();
        pcm[240_500] = float.PositiveInfinity;
        var after = Draw(pcm, 100, Mono48).ToBars();
        for (var i = 0; i < 100; i++)
            Assert.True(after[i] > before[i] / 2, $"Bar {i} fell from {before[i]} to {after[i]}.");
    }

    [Fact]
    public void MagnitudesUpToTheBoundAreKept()
    {
        Assert.Equal(16f, Draw([0.5f, -16f, 2f], 1, Mono48).Peak);
        Assert.Equal(float.Epsilon, Draw([-float.Epsilon], 1, Mono48).Peak);
    }

    [Fact]
    public void ResetStartsAnew()
    {
        var builder = new WaveformBuilder(Mono48);
        builder.Add(WanderingNoise(100_037, seed: 1));
        builder.Reset();
        Assert.Equal((0, TimeSpan.Zero), (builder.FrameCount, builder.Duration));
        Assert.Equal(0, builder.Build(3).Peak);
        var pcm = WanderingNoise(30_001, seed: 2);
        builder.Add(pcm);
        AssertSame(Draw(pcm, 99, Mono48), builder.Build(99));
    }

    [Fact]
    public void FramesAndDurationCountWholeFrames()
    {
        var builder = new WaveformBuilder(new AudioFormat(8000, 2));
        builder.Add(new float[2 * 8001]);
        Assert.Equal(8001, builder.FrameCount);
        Assert.Equal(TimeSpan.FromMicroseconds(1_000_125), builder.Duration);
        Assert.Equal(builder.Duration, builder.Build(1).Duration);
        Assert.Equal(new AudioFormat(8000, 2), builder.Format);
    }

    [Fact]
    public void WrongArgumentsAreRefused()
    {
        Assert.Throws<ArgumentException>(() => new WaveformBuilder(default));
        var builder = new WaveformBuilder(new AudioFormat(48_000, 2));
        Assert.Throws<ArgumentException>(() => builder.Add(new float[3]));
        Assert.Equal(0, builder.FrameCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Build(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Build(65_537));
        Assert.Equal(65_536, builder.Build(65_536).Count);
    }

    private static void AssertPiecesDoNotMatter(int frames, int channels, int maxPiece, int bars, int seed)
    {
        var format = new AudioFormat(48_000, channels);
        var pcm = WanderingNoise(frames * channels, seed);
        var builder = new WaveformBuilder(format);
        AddInPieces(builder, pcm, maxPiece, seed);
        AssertSame(Draw(pcm, bars, format), builder.Build(bars));
    }

    private static void AssertExact(NaiveBars expected, Waveform actual)
    {
        for (var i = 0; i < actual.Count; i++)
        {
            Assert.Equal(expected.Peak(i, actual.Count), actual.Peaks[i]);
            var rms = expected.Rms(i, actual.Count);
            Assert.InRange(actual.Rms[i], rms * (1 - FloatPrecision), rms * (1 + FloatPrecision));
        }
    }
}
