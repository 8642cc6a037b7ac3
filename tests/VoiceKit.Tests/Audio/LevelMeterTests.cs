using FsCheck.Fluent;
using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Audio;

public class LevelMeterTests
{
    [Fact]
    public void A_full_sine_reads_0_and_minus_3_dB()
    {
        var meter = new LevelMeter();
        meter.Add(ResamplerLab.Sine(1_000, 48_000, 48_000, 1));
        var level = meter.Read();
        Assert.Equal(0, level.Peak, 1e-3);
        Assert.Equal(-3.0103, level.Rms, 1e-3);
    }

    [Fact]
    public void Each_reading_is_of_what_came_since_the_last()
    {
        var meter = new LevelMeter();
        Assert.Equal(AudioLevel.Silence, meter.Read());
        meter.Add([1f, -1f]);
        meter.Add([0.1f]);
        Assert.Equal(0, meter.Read().Peak);
        meter.Add([0.1f, -0.1f]);
        var level = meter.Read();
        Assert.Equal(-20, level.Peak, 1e-5);
        Assert.Equal(-20, level.Rms, 1e-5);
        Assert.Equal(level, meter.Read());
        meter.Add([]);
        Assert.Equal(level, meter.Read());
        meter.Add([0f]);
        Assert.Equal(AudioLevel.Silence, meter.Read());
        meter.Add([1f]);
        meter.Reset();
        Assert.Equal(AudioLevel.Silence, meter.Read());
    }

    [Fact]
    public void It_reads_what_a_plain_loop_finds_in_any_pieces() => Fx.Check(Gen.Choose(1, 1_000_000), seed =>
    {
        var random = new Random(seed);
        var samples = ResamplerLab.Noise(random.Next(1, 2_000), seed);
        var meter = new LevelMeter();
        for (var at = 0; at < samples.Length;)
        {
            var count = Math.Min(random.Next(0, 300), samples.Length - at);
            meter.Add(samples.AsSpan(at, count));
            at += count;
        }

        var level = meter.Read();
        Assert.Equal(ResamplerLab.Decibels(samples.Max(Math.Abs)), level.Peak, 1e-6);
        Assert.Equal(ResamplerLab.Decibels(ResamplerLab.Rms(samples)), level.Rms, 1e-6);
    });

    [Fact]
    public void Bad_samples_read_as_numbers()
    {
        var meter = new LevelMeter();
        meter.Add([float.NaN, float.NaN, float.NaN, float.NaN, float.NaN]);
        Assert.Equal(AudioLevel.Silence, meter.Read());
        meter.Add([float.PositiveInfinity, float.MinValue, float.NaN, 100f, 16f]);
        Assert.Equal(20 * Math.Log10(16), meter.Read().Peak, 1e-6);
        meter.Add([float.Epsilon]);
        Assert.Equal(AudioLevel.Silence, meter.Read());
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var meter = new LevelMeter();
        var samples = ResamplerLab.Noise(961);
        meter.Add(samples);
        meter.Read();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            meter.Add(samples);
            meter.Read();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
