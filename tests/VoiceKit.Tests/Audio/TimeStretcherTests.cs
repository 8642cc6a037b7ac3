using FsCheck;
using FsCheck.Fluent;
using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Audio;

public class TimeStretcherTests
{
    private static readonly double[] Speeds = [0.5, 0.75, 1, 1.01, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];

    private static readonly AudioFormat Mono48 = new(48_000, 1);

    private static Gen<(int Rate, double Speed, int Frames, int Channels)> Streams { get; } =
        from rate in Gen.Elements(1, 250, 8_000, 16_000, 44_100, 48_000)
        from speed in Gen.OneOf(Gen.Elements(Speeds), Gen.Choose(500, 3_000).Select(thousandths => thousandths / 1000.0))
        from frames in Gen.OneOf(Gen.Choose(0, 600), Gen.Choose(0, 20_000))
        from channels in Gen.Choose(1, 3)
        select (rate, speed, frames, channels);

    [Fact]
    public void The_length_is_the_rounded_quotient_of_length_and_speed() => Fx.Check(Streams, stream =>
    {
        var output = Stretch(ResamplerLab.Noise(stream.Frames * stream.Channels), stream, seed: stream.Frames);
        var exact = (double)stream.Frames / stream.Speed;
        Assert.InRange(output.Length / stream.Channels - exact, -0.5 - 1e-9, 0.5 + 1e-9);
        Assert.Equal(TimeStretcher.OutputFrames(stream.Frames, stream.Speed), output.Length / stream.Channels);
    });

    [Fact]
    public void Pieces_and_buffer_sizes_do_not_change_a_bit() => Fx.Check(Streams, stream =>
    {
        var input = ResamplerLab.Noise(stream.Frames * stream.Channels, seed: stream.Frames);
        var whole = StreamLab.Stretch(input, stream.Speed, stream.Rate, stream.Channels);
        Assert.True(StreamLab.Same(whole, Stretch(input, stream, seed: 1)));
        Assert.True(StreamLab.Same(whole, Stretch(input, stream, seed: 2)));
    });

    [Theory]
    [InlineData(0, 2, 0)]
    [InlineData(1, 2, 1)]
    [InlineData(1, 3, 0)]
    [InlineData(5, 2, 3)]
    [InlineData(480_000, 1.5, 320_000)]
    [InlineData(7, 0.5, 14)]
    public void Known_lengths(int frames, double speed, long expected)
    {
        Assert.Equal(expected, TimeStretcher.OutputFrames(frames, speed));
        Assert.Equal(expected, StreamLab.Stretch(ResamplerLab.Noise(frames), speed).Length);
    }

    [Fact]
    public void Speed_1_copies_every_bit()
    {
        var input = ResamplerLab.Noise(30_001 * 2);
        input[17] = float.Epsilon;
        input[18] = -0f;
        input[19] = -15.5f;
        Assert.True(StreamLab.Same(input, Stretch(input, (44_100, 1, 0, 2), seed: 5)));
    }

    [Fact]
    public void Back_at_speed_1_the_sound_goes_on_as_a_copy()
    {
        var input = Signals.Voice(96_000);
        var stretcher = new TimeStretcher(Mono48) { Speed = 1.5 };
        var output = new float[120_000];
        stretcher.Process(input.AsSpan(0, 48_000), output, out _, out var produced);
        stretcher.Speed = 1;
        var position = stretcher.InputPosition;
        stretcher.Process(input.AsSpan(48_000), output.AsSpan(produced), out _, out var copied);

        // Where it has got to lies within a hop, and 12 ms, of the position.
        var tail = output.AsSpan(produced + 1_000, 20_000);
        var at = input.AsSpan().IndexOf(tail);
        Assert.InRange(at - (position + 1_000), -1_000, 1_000);
        Assert.True(copied > 30_000);
    }

    [Theory]
    [InlineData(48_000, 1.5)]
    [InlineData(48_000, 2)]
    [InlineData(44_100, 1.5)]
    [InlineData(44_100, 2)]
    [InlineData(16_000, 1.5)]
    [InlineData(16_000, 2)]
    [InlineData(8_000, 1.5)]
    [InlineData(8_000, 2)]
    public void A_tone_of_220_Hz_keeps_its_pitch_and_its_length(int rate, double speed)
    {
        var output = StreamLab.Stretch(ResamplerLab.Sine(220, rate, rate * 20, 0.5), speed, rate);
        Assert.InRange(FrequencyOf(output.AsSpan(rate / 5, output.Length - 2 * rate / 5), rate), 219, 221);
        Assert.InRange(output.Length - rate * 20 / speed, -1, 1);
    }

    [Fact]
    public void Tones_keep_their_amplitude()
    {
        foreach (var frequency in new[] { 100, 130, 220, 317, 440, 700, 1_000 })
        {
            var input = ResamplerLab.Sine(frequency, 48_000, 96_000, 0.5);
            foreach (var speed in Speeds)
            {
                var output = StreamLab.Stretch(input, speed);
                var period = 48_000 / frequency;
                for (var start = 4_800; start + period < output.Length - 4_800; start += period / 2)
                {
                    var peak = StreamLab.Rms(output, start, start + period) * Math.Sqrt(2) / 0.5;
                    if (peak is < 0.95 or > 1.05)
                        Assert.Fail($"{frequency} Hz at {speed}: {peak} at {start}");
                }
            }
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1.5)]
    [InlineData(2)]
    [InlineData(3)]
    public void Noise_keeps_its_loudness(double speed)
    {
        var input = ResamplerLab.Noise(480_000);
        var output = StreamLab.Stretch(input, speed);
        var change = ResamplerLab.Decibels(ResamplerLab.Rms(output) / ResamplerLab.Rms(input));
        Assert.InRange(change, -0.3, 0.3);
        Assert.InRange(output.Max(), 0.4, 0.5 * Math.Sqrt(2));
    }

    [Theory]
    [InlineData(1.1)]
    [InlineData(1.25)]
    [InlineData(1.5)]
    public void Clicks_are_neither_lost_nor_doubled(double speed)
    {
        var random = new Random(5);
        var input = new float[960_000];
        var clicks = 0;
        for (var at = 2_000; at < input.Length - 2_000; at += random.Next(4_800, 9_000), clicks++)
        {
            for (var i = 0; i < 24; i++)
                input[at + i] = (float)(0.8 * Math.Exp(-i / 5.0) * (i % 2 == 0 ? 1 : -1));
        }

        Assert.InRange(CountClicks(StreamLab.Stretch(input, speed)) - clicks, -3, 3);
    }

    [Fact]
    public void A_change_of_speed_on_a_tone_does_not_click() => Fx.Check(Gen.Choose(1, 1_000_000), seed =>
    {
        var random = new Random(seed);
        var frequency = random.Next(100, 1_000);
        var input = ResamplerLab.Sine(frequency, 48_000, 48_000, 0.5);
        var stretcher = new TimeStretcher(Mono48);
        var output = new float[150_000];
        var from = 0;
        var produced = 0;
        while (from < input.Length)
        {
            stretcher.Speed = random.Next(3) == 0 ? 1 : 0.5 + 2.5 * random.NextDouble();
            var count = random.Next(1, 3_000);
            stretcher.Process(input.AsSpan(from), output.AsSpan(produced, count), out var consumed, out var given);
            from += consumed;
            produced += given;
        }

        // What the tone itself can jump, and a tenth more for the fades.
        var bound = 0.5 * 2 * Math.PI * frequency / 48_000 * 1.1;
        for (var i = 1; i < produced; i++)
        {
            if (Math.Abs(output[i] - output[i - 1]) > bound)
                Assert.Fail($"{frequency} Hz, seed {seed}: {output[i - 1]} and {output[i]} at {i}");
        }
    });

    [Fact]
    public void The_position_grows_by_the_speed_and_ends_at_the_end() => Fx.Check(Gen.Choose(1, 1_000_000), seed =>
    {
        var random = new Random(seed);
        var input = ResamplerLab.Noise(random.Next(1, 50_000));
        var stretcher = new TimeStretcher(Mono48);
        var buffer = new float[2_000];
        var from = 0;
        var ended = false;
        while (!ended)
        {
            stretcher.Speed = 0.5 + 2.5 * random.NextDouble();
            var before = stretcher.InputPosition;
            var output = buffer.AsSpan(0, random.Next(1, buffer.Length));
            int given;
            if (from < input.Length)
            {
                stretcher.Process(input.AsSpan(from), output, out var consumed, out given);
                from += consumed;
                Assert.InRange(stretcher.InputPosition, 0, from);
            }
            else
            {
                given = stretcher.Flush(output);
                ended = given == 0;
            }

            Assert.InRange(stretcher.InputPosition - before, 0, 3.0 * given + 1e-6);
        }

        Assert.InRange(stretcher.InputPosition, input.Length - 1.5, input.Length);
    });

    [Fact]
    public void The_position_does_not_drift_in_an_hour()
    {
        var stretcher = new TimeStretcher(new AudioFormat(8_000, 1)) { Speed = 1.1 };
        var input = ResamplerLab.Noise(8_000);
        var output = new float[9_000];
        var produced = 0L;
        for (var second = 0; second < 3_600; second++)
        {
            stretcher.Process(input, output, out _, out var given);
            produced += given;
        }

        Assert.Equal(produced * 1.1, stretcher.InputPosition, 1e-3);
    }

    [Fact]
    public void The_position_is_where_the_sound_is()
    {
        // A voice that sets in at a second: the position says so to 12 ms, with half a window of the measurement.
        foreach (var speed in Speeds)
        {
            var input = ResamplerLab.Sine(200, 48_000, 96_000, 0.5);
            input.AsSpan(0, 48_000).Clear();
            var stretcher = new TimeStretcher(Mono48) { Speed = speed };
            var output = new float[1];
            var from = 0;
            while (Math.Abs(output[0]) < 0.1)
            {
                stretcher.Process(input.AsSpan(from), output, out var consumed, out _);
                from += consumed;
            }

            Assert.InRange(stretcher.InputPosition, 48_000 - 1_000, 48_000 + 1_000);
        }
    }

    [Fact]
    public void Silence_stays_silence()
    {
        foreach (var speed in Speeds)
            Assert.All(StreamLab.Stretch(new float[20_000], speed), sample => Assert.Equal(0f, sample));
    }

    [Fact]
    public void What_is_not_a_number_poisons_nothing()
    {
        var input = Signals.Voice(48_000);
        for (var i = 10_000; i < 11_000; i += 100)
            (input[i], input[i + 1], input[i + 2], input[i + 3]) =
                (float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue);
        foreach (var speed in Speeds)
        {
            var output = StreamLab.Stretch(input, speed);
            Assert.All(output, sample => Assert.InRange(sample, -23f, 23f));
            Assert.InRange(StreamLab.Rms(output, 24_000 / speed, 48_000 / speed), 0.01, 0.5);
        }
    }

    [Fact]
    public void Channels_of_opposite_polarity_stay_so()
    {
        var voice = Signals.Voice(48_000);
        var stereo = voice.SelectMany(sample => new[] { sample, -sample }).ToArray();
        var output = StreamLab.Stretch(stereo, 1.5, channels: 2);
        Assert.True(ResamplerLab.Rms(output) > 0.05);
        for (var i = 0; i < output.Length; i += 2)
            Assert.Equal(output[i], -output[i + 1]);
    }

    [Fact]
    public void Reset_starts_over_and_keeps_the_speed()
    {
        var input = ResamplerLab.Noise(20_000);
        var output = new float[40_000];
        var stretcher = new TimeStretcher(Mono48) { Speed = 1.5 };
        stretcher.Process(ResamplerLab.Noise(7_777, seed: 9), output, out _, out _);
        stretcher.Flush(output.AsSpan(0, 10));
        Assert.Throws<InvalidOperationException>(() => stretcher.Process(input, output, out _, out _));

        stretcher.Reset();
        Assert.Equal(0, stretcher.InputPosition);
        stretcher.Process(input, output, out _, out var produced);
        produced += stretcher.Flush(output.AsSpan(produced));
        Assert.True(StreamLab.Same(StreamLab.Stretch(input, 1.5), output[..produced]));
    }

    [Fact]
    public void Wrong_arguments_are_told()
    {
        var stretcher = new TimeStretcher(new AudioFormat(48_000, 2));
        foreach (var speed in new[] { 0.49, 3.01, double.NaN, double.PositiveInfinity, -1 })
            Assert.Throws<ArgumentOutOfRangeException>(() => stretcher.Speed = speed);
        Assert.Throws<ArgumentException>(() => stretcher.Process(new float[3], new float[2], out _, out _));
        Assert.Throws<ArgumentException>(() => stretcher.Flush(new float[1]));
        Assert.Throws<ArgumentException>(() => new TimeStretcher(default));
        Assert.Throws<ArgumentOutOfRangeException>(() => TimeStretcher.OutputFrames(-1, 1));
    }

    [Fact]
    public void Nothing_is_allocated_after_the_constructor()
    {
        var stretcher = new TimeStretcher(new AudioFormat(48_000, 2));
        var input = ResamplerLab.Noise(1_920);
        var output = new float[4_000];
        Work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Work();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Work()
        {
            stretcher.Reset();
            for (var i = 0; i < 200; i++)
            {
                stretcher.Speed = Speeds[i / 10 % Speeds.Length];
                stretcher.Process(input, output, out _, out _);
            }

            while (stretcher.Flush(output) > 0)
            {
            }
        }
    }

    private static float[] Stretch(float[] input, (int Rate, double Speed, int Frames, int Channels) stream, int seed)
    {
        var stretcher = new TimeStretcher(new AudioFormat(stream.Rate, stream.Channels)) { Speed = stream.Speed };
        return StreamLab.Run(stretcher.Process, stretcher.Flush, input, stream.Channels, seed);
    }

    // The rising zero crossings, placed between samples by a straight line.
    private static double FrequencyOf(ReadOnlySpan<float> samples, int rate)
    {
        double first = -1, last = -1;
        var count = -1;
        for (var i = 0; i + 1 < samples.Length; i++)
        {
            if (samples[i] >= 0 || samples[i + 1] < 0)
                continue;
            last = i + samples[i] / (samples[i] - samples[i + 1]);
            first = first < 0 ? last : first;
            count++;
        }

        return count * rate / (last - first);
    }

    private static int CountClicks(float[] samples)
    {
        var count = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            if (Math.Abs(samples[i]) < 0.3)
                continue;
            count++;
            i += 48;
        }

        return count;
    }
}
