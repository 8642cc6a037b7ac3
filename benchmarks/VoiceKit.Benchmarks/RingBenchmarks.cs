using BenchmarkDotNet.Attributes;
using VoiceKit.Audio;

namespace VoiceKit.Benchmarks;

/// <summary>
/// Samples go from a device's thread to another, in periods of a low-latency device (1.3 ms at 48 kHz): through the ring without
/// locks, which lets a device wait for nobody, and through a ring with a lock.
/// </summary>
[RealTime(Seconds)]
public class RingBenchmarks
{
    public const int Seconds = 600;

    private const int Capacity = 8192;
    private const int Period = 64;
    private const int Total = 48_000 * Seconds;

    private readonly float[] _input = new float[Period];
    private readonly float[] _output = new float[Period];

    private delegate int Put(ReadOnlySpan<float> samples);

    private delegate int Take(Span<float> buffer);

    [Benchmark(Baseline = true)]
    public long Locked()
    {
        var ring = new LockedRing(Capacity);
        return Carry(ring.Write, ring.Read);
    }

    [Benchmark]
    public long VoiceKit()
    {
        var ring = new SampleRing(Capacity);
        return Carry(ring.Write, ring.Read);
    }

    private long Carry(Put put, Take take)
    {
        var writer = Task.Factory.StartNew(() => Fill(put), TaskCreationOptions.LongRunning);
        var wait = new SpinWait();
        long taken = 0;
        while (taken < Total)
        {
            var count = take(_output);
            taken += count;
            if (count == 0)
                wait.SpinOnce(sleep1Threshold: -1);
        }

        writer.Wait();
        return taken;
    }

    private void Fill(Put put)
    {
        var wait = new SpinWait();
        for (var written = 0; written < Total;)
        {
            var count = put(_input.AsSpan(0, Math.Min(Period, Total - written)));
            written += count;
            if (count == 0)
                wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    private sealed class LockedRing(int capacity)
    {
        private readonly float[] _samples = new float[capacity];
        private readonly Lock _lock = new();
        private long _written;
        private long _read;

        public int Write(ReadOnlySpan<float> samples)
        {
            lock (_lock)
            {
                var count = Math.Min(samples.Length, _samples.Length - (int)(_written - _read));
                var at = (int)(_written % _samples.Length);
                var first = Math.Min(count, _samples.Length - at);
                samples[..first].CopyTo(_samples.AsSpan(at));
                samples[first..count].CopyTo(_samples);
                _written += count;
                return count;
            }
        }

        public int Read(Span<float> buffer)
        {
            lock (_lock)
            {
                var count = Math.Min(buffer.Length, (int)(_written - _read));
                var at = (int)(_read % _samples.Length);
                var first = Math.Min(count, _samples.Length - at);
                _samples.AsSpan(at, first).CopyTo(buffer);
                _samples.AsSpan(0, count - first).CopyTo(buffer[first..]);
                _read += count;
                return count;
            }
        }
    }
}
