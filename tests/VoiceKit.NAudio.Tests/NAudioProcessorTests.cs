using FsCheck;
using FsCheck.Fluent;
using NAudio.Effects;
using NAudio.Wave;
using NAudio.Wave.SampleProviders;
using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.NAudio.Tests;

/// <summary>Effects and steps of NAudio as processors.</summary>
public class NAudioProcessorTests
{
    private static readonly AudioFormat Format = new(48_000, 2);

    [Fact]
    public void An_effect_changes_samples_as_it_does_in_NAudio_and_states_its_latency()
    {
        var samples = Signals.Voice(48_000, channels: 2);
        var effect = new NoiseSuppressionEffect();
        effect.Configure(Format.ToWaveFormat());
        var expected = (float[])samples.Clone();
        effect.Process(expected);

        var processor = new NAudioProcessor(new NoiseSuppressionEffect(), Format);
        var actual = (float[])samples.Clone();
        processor.Process(actual);
        Assert.Equal(expected, actual);
        Assert.NotEqual(samples, actual);
        Assert.Equal(effect.LatencySamples, processor.LatencyFrames);
        Assert.True(processor.LatencyFrames > 0);

        processor.Reset();
        samples.CopyTo(actual.AsSpan());
        processor.Process(actual);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Noise_is_taken_from_a_recording_that_stays_where_it_was()
    {
        var random = new Random(5);
        var voice = Signals.Voice(4 * 48_000);
        var noisy = Array.ConvertAll(voice, sample => sample + 0.01f * (float)(random.NextDouble() - 0.5));
        using var source = new MemoryReader(noisy, new AudioFormat(48_000, 1));
        using var reader = new ProcessingReader(source, [format => new NAudioProcessor(new NoiseSuppressionEffect(), format)]);
        var heard = new float[noisy.Length + 10];
        var count = 0;
        for (int read; (read = reader.Read(heard.AsSpan(count))) > 0;)
            count += read;
        Assert.Equal(noisy.Length, count);

        // Behind the first second, in which it learns what the noise is.
        var (before, after) = (Loudness(noisy, voice), Loudness(heard, voice));
        Assert.True(after < before, $"The noise was {before}, and is {after}.");

        static double Loudness(float[] samples, float[] voice)
        {
            var energy = 0.0;
            for (var i = 48_000; i < voice.Length; i++)
                energy += voice[i] == 0 ? samples[i] * samples[i] : 0;
            return Math.Sqrt(energy);
        }
    }

    [Fact]
    public void A_step_of_any_block_size_gives_what_it_gives_in_one_go() =>
        Check.QuickThrowOnFailure(Prop.ForAll(
            ArbMap.Default.ArbFor<PositiveInt[]>(),
            sizes =>
            {
                var samples = Signals.Voice(sizes.Sum(size => size.Get), channels: 2);
                var expected = Array.ConvertAll(samples, sample => sample * 0.5f);
                var processor = new NAudioProcessor(source => new VolumeSampleProvider(source) { Volume = 0.5f }, Format);
                var at = 0;
                foreach (var size in sizes)
                {
                    processor.Process(samples.AsSpan(at, size.Get * 2));
                    at += size.Get * 2;
                }

                return expected.AsSpan().SequenceEqual(samples);
            }));

    [Fact]
    public void A_step_that_holds_back_is_made_up_for_when_it_says_so()
    {
        var samples = Signals.Voice(4_800, channels: 2);
        var expected = (float[])samples.Clone();
        var processor = new NAudioProcessor(source => new HoldingBack(source, 100), Format, latencyFrames: 100);
        processor.Process(samples.AsSpan(0, 4_000));
        processor.Process(samples.AsSpan(4_000));
        Assert.All(samples[..200], sample => Assert.Equal(0, sample));
        Assert.Equal(expected[..^200], samples[200..]);

        var liar = new NAudioProcessor(source => new HoldingBack(source, 100), Format);
        Assert.Throws<InvalidOperationException>(() => liar.Process(samples));
    }

    [Fact]
    public void A_step_to_another_format_is_refused() =>
        Assert.Throws<ArgumentException>(() => new NAudioProcessor(source => new StereoToMonoSampleProvider(source), Format));

    [Fact]
    public void Nothing_is_allocated()
    {
        var processors = new[]
        {
            new NAudioProcessor(new CompressorEffect(), Format),
            new NAudioProcessor(source => new VolumeSampleProvider(source) { Volume = 0.5f }, Format),
        };
        var samples = Signals.Voice(960, channels: 2);
        for (var turn = 0; turn < 2; turn++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var processor in processors)
            {
                for (var i = 0; i < 50; i++)
                    processor.Process(samples);
            }

            if (turn == 1)
                Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private sealed class MemoryReader(float[] samples, AudioFormat format) : IAudioReader
    {
        private int _at;

        public AudioFormat Format => format;

        public long? FrameCount => samples.Length / format.Channels;

        public int Read(Span<float> buffer)
        {
            var count = Math.Min(buffer.Length, samples.Length - _at);
            samples.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }

        public void Dispose()
        {
        }
    }

    // Gives what is some frames old.
    private sealed class HoldingBack(ISampleProvider source, int frames) : ISampleProvider
    {
        private readonly Queue<float> _held = new();

        public WaveFormat WaveFormat => source.WaveFormat;

        public int Read(Span<float> buffer)
        {
            var more = new float[buffer.Length];
            foreach (var sample in more.AsSpan(0, source.Read(more)))
                _held.Enqueue(sample);
            var count = Math.Clamp(_held.Count - frames * WaveFormat.Channels, 0, buffer.Length);
            for (var i = 0; i < count; i++)
                buffer[i] = _held.Dequeue();
            return count;
        }
    }
}
