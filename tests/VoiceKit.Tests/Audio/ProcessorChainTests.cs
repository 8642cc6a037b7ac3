using FsCheck.Fluent;
using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Audio;

public class ProcessorChainTests
{
    [Fact]
    public void Latency_is_made_up_for_to_the_frame() => Fx.Check(Gen.Choose(1, 1_000_000), seed =>
    {
        var random = new Random(seed);
        var format = new AudioFormat(random.Next(1, 48_000), random.Next(1, 4));
        var input = ResamplerLab.Noise(random.Next(0, 5_000) * format.Channels, seed);
        int[] latencies = [random.Next(0, 3_000), 0, random.Next(0, 20)];
        using var reader = new ProcessingReader(
            new PcmReader(input, format), latencies.Select<int, Func<AudioFormat, IAudioProcessor>>(
                latency => made => new Delay(latency, made.Channels)));
        Assert.Equal(input.Length / format.Channels, reader.FrameCount);
        var output = new List<float>();
        var buffer = new float[4_000];
        int count;
        while ((count = reader.Read(buffer.AsSpan(0, random.Next(format.Channels, buffer.Length)))) > 0)
            output.AddRange(buffer.AsSpan(0, count));
        Assert.True(StreamLab.Same([.. input.Select(sample => sample * 8)], [.. output]));
    });

    [Fact]
    public void What_states_a_wrong_latency_is_refused()
    {
        var format = new AudioFormat(48_000, 1);
        Assert.Throws<ArgumentException>(() => new ProcessorChain(format, [_ => new Delay(-1, 1)]));
        Assert.Throws<ArgumentException>(() => new ProcessorChain(format, [_ => null!]));
    }

    /// <summary>Doubles samples and holds them back.</summary>
    private sealed class Delay(int frames, int channels) : IAudioProcessor
    {
        private readonly Queue<float> _held = new(new float[Math.Max(0, frames) * channels]);

        public int LatencyFrames => frames;

        public void Process(Span<float> samples)
        {
            foreach (ref var sample in samples)
            {
                _held.Enqueue(sample * 2);
                sample = _held.Dequeue();
            }
        }

        public void Reset() => throw new NotSupportedException();
    }
}
