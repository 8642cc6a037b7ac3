using FsCheck.Fluent;
using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Audio;

public class AutomaticGainTests
{
    private static readonly AudioFormat Mono48 = new(48_000, 1);

    private static float[] Speech => field ??= Normalized(StreamLab.Speak(48_000));

    [Theory]
    [InlineData(-36, 0)]
    [InlineData(-30, 0)]
    [InlineData(-20, 0)]
    [InlineData(-12, 0)]
    [InlineData(-30, -60)]
    public void Speech_is_brought_to_the_target(double level, double noise)
    {
        // Twice the same: the first time it finds the level, the second time it has it.
        var hiss = noise < 0 ? Scaled(ResamplerLab.Noise(Speech.Length * 2), noise - ResamplerLab.Decibels(0.2887)) : null;
        var input = Scaled([.. Speech, .. Speech], level);
        for (var i = 0; i < input.Length && hiss is not null; i++)
            input[i] += hiss[i];
        var output = StreamLab.Gain(input, Mono48);
        Assert.InRange(SpeechLevelOf(output[Speech.Length..]), -23, -17);
    }

    [Fact]
    public void No_sample_exceeds_the_ceiling() => Fx.Check(Gen.Choose(1, 1_000_000), seed =>
    {
        var random = new Random(seed);
        var options = new AutomaticGainOptions
        {
            Ceiling = -random.Next(0, 20),
            TargetLevel = -random.Next(0, 40),
            MaxGain = random.Next(0, 60),
        };
        var input = Bursts(random);
        var ceiling = Math.Pow(10, options.Ceiling / 20) * 1.0000001;
        foreach (var sample in StreamLab.Gain(input, new AudioFormat(16_000, random.Next(1, 3)), options))
        {
            if (!(Math.Abs(sample) <= ceiling))
                Assert.Fail($"{sample} with a ceiling of {ceiling}, seed {seed}");
        }
    });

    [Fact]
    public void A_peak_is_taken_down_before_it_comes_and_not_cut()
    {
        // A tone of twice the ceiling sets in; cut off, its third harmonic alone would be at −15 dB.
        var input = ResamplerLab.Sine(1_000, 48_000, 9_600, 0.2);
        for (var i = 4_800; i < input.Length; i++)
            input[i] *= 9;
        var output = StreamLab.Gain(input, Mono48);
        var tone = ResamplerLab.Fit(output.AsSpan(6_000, 960), 1_000, 48_000, 6_000);
        Assert.InRange(tone.ThdN, -200, -35);
        Assert.InRange(tone.Amplitude, 0.8, Math.Pow(10, -1 / 20.0));

        // Until 5 ms before it nothing has changed.
        Assert.True(StreamLab.Same(input[..4_560], output[..4_560]));
    }

    [Theory]
    [InlineData(-75)]
    [InlineData(-55)]
    [InlineData(-40)]
    public void Noise_alone_is_left_as_it_is(double level)
    {
        var noise = Scaled(ResamplerLab.Noise(480_000), level - ResamplerLab.Decibels(0.2887));
        Assert.True(StreamLab.Same(noise, StreamLab.Gain(noise, Mono48)));
    }

    [Fact]
    public void Noise_in_a_pause_is_not_pumped_up()
    {
        // Quiet speech, then ten seconds of the noise that lay under it.
        var noise = Scaled(ResamplerLab.Noise(Speech.Length + 480_000), -65 - ResamplerLab.Decibels(0.2887));
        var input = (float[])noise.Clone();
        var quiet = Scaled(Speech, -30);
        for (var i = 0; i < quiet.Length; i++)
            input[i] += quiet[i];
        var output = StreamLab.Gain(input, Mono48);
        var early = StreamLab.Rms(output, Speech.Length + 4_800, Speech.Length + 52_800);
        var late = StreamLab.Rms(output, output.Length - 48_000, output.Length);
        Assert.InRange(ResamplerLab.Decibels(late / early), -0.5, 0.5);
        Assert.True(ResamplerLab.Decibels(late) < -65 + 14);
    }

    [Fact]
    public void Pieces_do_not_change_a_bit() => Fx.Check(Gen.Choose(1, 1_000_000), seed =>
    {
        var random = new Random(seed);
        var format = new AudioFormat(new[] { 1, 900, 8_000, 44_100 }[random.Next(4)], random.Next(1, 4));
        var input = ResamplerLab.Noise(random.Next(0, 12_000) * format.Channels, seed);
        for (var i = 0; i < input.Length; i++)
            input[i] *= i / 3_000 % 2 == 0 ? 0.05f : 3;
        var cut = StreamLab.InPlace(new AutomaticGain(format), input, format.Channels, random);
        Assert.True(StreamLab.Same(StreamLab.Gain(input, format), cut));
    });

    [Fact]
    public void The_output_is_behind_by_the_latency_and_no_more()
    {
        var gain = new AutomaticGain(new AudioFormat(44_100, 2));
        Assert.InRange(gain.LatencyFrames, 44_100 * 0.0045, 44_100 * 0.005);
        for (var frame = 0; frame < 1_000; frame++)
        {
            float[] samples = [0.0005f * (frame + 1), -0.0005f * (frame + 1)];
            gain.Process(samples);
            var heard = frame - gain.LatencyFrames;
            Assert.Equal(heard < 0 ? 0 : 0.0005f * (heard + 1), samples[0]);
            Assert.Equal(-samples[0], samples[1]);
        }
    }

    [Fact]
    public void Silence_stays_silence_and_what_is_not_a_number_poisons_nothing()
    {
        Assert.All(StreamLab.Gain(new float[48_000], Mono48), sample => Assert.Equal(0f, sample));
        var input = Scaled(Speech, -30);
        for (var i = 0; i < 48_000; i += 480)
            (input[i], input[i + 1], input[i + 2]) = (float.NaN, float.PositiveInfinity, float.MinValue);
        var output = StreamLab.Gain(input, Mono48);
        Assert.All(output, sample => Assert.InRange(sample, -0.8913f, 0.8913f));
        Assert.True(SpeechLevelOf(output[^96_000..]) > -50);
    }

    [Fact]
    public void Reset_starts_over_and_nothing_is_allocated()
    {
        var gain = new AutomaticGain(Mono48);
        gain.Process(Scaled(Speech, -6));
        Assert.True(gain.Gain < -1);
        float[] output = [.. Speech, .. new float[gain.LatencyFrames]];

        var before = GC.GetAllocatedBytesForCurrentThread();
        gain.Reset();
        var reset = gain.Gain;
        gain.Process(output);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(0, reset);
        Assert.True(StreamLab.Same(StreamLab.Gain(Speech, Mono48), output[^Speech.Length..]));
    }

    [Fact]
    public void Wrong_arguments_are_told()
    {
        Assert.Throws<ArgumentException>(() => new AutomaticGain(default));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AutomaticGainOptions { TargetLevel = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AutomaticGainOptions { MinGain = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AutomaticGainOptions { MaxGain = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AutomaticGainOptions { Ceiling = double.NaN });
        var stereo = new AutomaticGain(new AudioFormat(48_000, 2));
        Assert.Throws<ArgumentException>(() => stereo.Process(new float[3]));
    }

    // Pieces of noise, tones and single spikes at any loudness up to +24 dBFS.
    private static float[] Bursts(Random random)
    {
        var samples = new List<float>();
        while (samples.Count < 40_000)
        {
            var loudness = Math.Pow(10, (random.Next(-60, 24) + random.NextDouble()) / 20);
            var frequency = random.NextDouble() * 0.5;
            var noisy = random.Next(2) == 0;
            for (var i = random.Next(1, 4_000); i > 0; i--)
                samples.Add((float)(loudness * (noisy ? 2 * random.NextDouble() - 1 : Math.Sin(2 * Math.PI * frequency * i))));
            if (random.Next(2) == 0)
                samples.Add((float)(16 * (2 * random.NextDouble() - 1)));
        }

        return [.. samples.Take(40_000)];
    }

    // The RMS of the 20 ms that are within 30 dB of the loudest.
    private static double SpeechLevelOf(float[] samples)
    {
        var powers = samples.Chunk(960).Select(chunk => Math.Pow(ResamplerLab.Rms(chunk), 2)).ToArray();
        var loudest = powers.Max();
        return 10 * Math.Log10(powers.Where(power => power > loudest / 1_000).Average());
    }

    private static float[] Scaled(float[] samples, double decibels) =>
        [.. samples.Select(sample => (float)(sample * Math.Pow(10, decibels / 20)))];

    // At a speech level of 0 dBFS, whatever the peaks.
    private static float[] Normalized(float[] samples) => Scaled(samples, -SpeechLevelOf(samples));
}
