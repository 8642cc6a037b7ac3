using BenchmarkDotNet.Attributes;
using VoiceKit.Ogg;

namespace VoiceKit.Benchmarks;

/// <summary>The checksums of 60 s of Ogg pages, each of one second of speech.</summary>
[MemoryDiagnoser]
[RealTime(Seconds)]
public class CrcBenchmarks
{
    public const int Seconds = 60;

    private const int PageSize = Speech.Bitrate / 8;

    private readonly byte[] _pages = new byte[Seconds * PageSize];

    [GlobalSetup]
    public void Setup()
    {
        new Random(1).NextBytes(_pages);
        if (OneTable() != VoiceKit() || SixteenTables() != VoiceKit())
            throw new InvalidOperationException("The checksums differ.");
    }

    [Benchmark(Baseline = true)]
    public uint OneTable()
    {
        var sum = 0u;
        for (var at = 0; at < _pages.Length; at += PageSize)
            sum ^= BareOgg.Checksum(0, _pages.AsSpan(at, PageSize));
        return sum;
    }

    /// <summary>What processors without carry-less multiplication take.</summary>
    [Benchmark]
    public uint SixteenTables()
    {
        var sum = 0u;
        for (var at = 0; at < _pages.Length; at += PageSize)
            sum ^= OggCrc.UpdateByTables(0, _pages.AsSpan(at, PageSize));
        return sum;
    }

    [Benchmark]
    public uint VoiceKit()
    {
        var sum = 0u;
        for (var at = 0; at < _pages.Length; at += PageSize)
            sum ^= OggCrc.Update(0, _pages.AsSpan(at, PageSize));
        return sum;
    }
}
