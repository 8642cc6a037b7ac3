using BenchmarkDotNet.Attributes;
using VoiceKit.Storage;

namespace VoiceKit.Benchmarks;

/// <summary>
/// A store of 100,000 messages of a second each: adding one more without flushing it to the disk, listing the newest 50, and the
/// same after the index was deleted. The baselines do with bare files what cannot be left out: write and rename one, read 50.
/// </summary>
[MemoryDiagnoser]
public class StoreBenchmarks : IDisposable
{
    private const int Count = 100_000;
    private const int Page = 50;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"voicekit-store-{Environment.ProcessId}");
    private VoiceMessageStore? _store;
    private VoiceMessage? _message;
    private byte[] _bytes = [];
    private string[] _paths = [];
    private string _index = "";
    private int _number;

    [GlobalSetup]
    public void Setup()
    {
        _store = new VoiceMessageStore(_folder, new VoiceMessageStoreOptions { Durability = VoiceStoreDurability.ProcessEnd });
        _index = Path.Combine(_folder, ".voicekit", "index");
        _message = VoiceMessage.FromBytes(Speech.MakeFile(1));
        using (var bytes = new MemoryStream())
        {
            using var audio = _message.OpenRead();
            audio.CopyTo(bytes);
            _bytes = bytes.ToArray();
        }

        for (var i = 0; i < Count; i++)
            Add();
        Directory.CreateDirectory(Path.Combine(_folder, "bare"));
        _paths = [.. List().Select(message => message.Path)];
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _store?.Dispose();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public void BareWriteAndRename()
    {
        var path = Path.Combine(_folder, "bare", "new");
        File.WriteAllBytes(path, _bytes);
        File.Move(path, Path.Combine(_folder, "bare", $"{_number++}"));
    }

    [Benchmark]
    public StoredVoiceMessage Add() =>
        _store!.AddAsync(_message!, new VoiceMessageInfo { Time = Start.AddSeconds(_number++) }).GetAwaiter().GetResult();

    [Benchmark]
    public long BareRead50()
    {
        var size = 0L;
        foreach (var path in _paths)
            size += File.ReadAllBytes(path).Length;
        return size;
    }

    [Benchmark]
    public IReadOnlyList<StoredVoiceMessage> List() =>
        _store!.ListAsync(new VoiceMessageQuery { Limit = Page }).ToListAsync().AsTask().GetAwaiter().GetResult();

    [Benchmark]
    public IReadOnlyList<StoredVoiceMessage> ListAfterTheIndexWasDeleted()
    {
        File.Delete(_index);
        return List();
    }
}
