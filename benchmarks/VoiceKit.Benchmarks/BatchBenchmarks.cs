using BenchmarkDotNet.Attributes;
using VoiceKit.Audio;
using VoiceKit.LibOpus;

namespace VoiceKit.Benchmarks;

/// <summary>
/// Eight recordings of 5 s to messages: one after the other, and in parallel on one core and on all.
/// </summary>
[MemoryDiagnoser]
[RealTime(Seconds)]
public class BatchBenchmarks
{
    public const int Seconds = Count * MessageSeconds;

    private const int Count = 8;
    private const int MessageSeconds = 5;

    private static readonly AudioFormat Format = new(Speech.SampleRate, 1);
    private static readonly VoiceEncodingOptions Options = new() { Encoder = Speech.EncoderOptions };

    private ReadOnlyMemory<float>[] _recordings = [];

    [GlobalSetup]
    public void Setup()
    {
        var pcm = Speech.MakePcm(Seconds);
        _recordings =
        [
            .. Enumerable.Range(0, Count).Select(
                i => pcm.AsMemory(i * MessageSeconds * Speech.SampleRate, MessageSeconds * Speech.SampleRate)),
        ];
    }

    [Benchmark(Baseline = true)]
    public long OneByOne() => _recordings.Sum(
        pcm => VoiceMessage.EncodeAsync(pcm, Format, LibOpusCodec.Default, Options).GetAwaiter().GetResult().Size);

    [Benchmark]
    public long OneCore() => RunAsync(1).GetAwaiter().GetResult();

    [Benchmark]
    public long AllCores() => RunAsync(-1).GetAwaiter().GetResult();

    private async Task<long> RunAsync(int degree)
    {
        var size = 0L;
        var options = new ParallelOptions { MaxDegreeOfParallelism = degree };
        await Parallel.ForEachAsync(_recordings, options, async (pcm, token) =>
        {
            var message = await VoiceMessage.EncodeAsync(pcm, Format, LibOpusCodec.Default, Options, token);
            Interlocked.Add(ref size, message.Size);
        });
        return size;
    }
}
