using VoiceKit.Audio;
using VoiceKit.Importing;
using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;
using VoiceKit.Waveforms;

namespace VoiceKit.Tests;

public class VoiceBatchTests
{
    private static readonly AudioFormat Mono = new(16_000, 1);

    [Fact]
    public async Task Every_item_becomes_what_it_becomes_alone()
    {
        var sounds = Enumerable.Range(1, 40).Select(i => Signals.Voice(i * 400, 16_000)).ToArray();
        var made = new Dictionary<long, VoiceMessage>();
        await foreach (var result in VoiceBatch.RunAsync(sounds, LibOpusCodec.Default, EncodeAsync))
            made.Add(result.Index, result.Value);

        Assert.Equal(sounds.Length, made.Count);
        for (var i = 0; i < sounds.Length; i++)
        {
            var alone = await EncodeAsync(sounds[i], LibOpusCodec.Default, default);
            Assert.Equal(Pcm.PacketsOf(BytesOf(alone)), Pcm.PacketsOf(BytesOf(made[i])));
        }
    }

    [Fact]
    public async Task Files_are_imported_and_drawn()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 12; i++)
        {
            using var writer = new WavWriter(File.Create(folder[$"{i}.wav"]), Mono);
            writer.Write(Signals.Voice(16_000 + i, 16_000));
        }

        File.WriteAllText(folder["3.wav"], "no sound at all");
        File.Delete(folder["7.wav"]);
        var paths = Enumerable.Range(0, 12).Select(i => folder[$"{i}.wav"]);
        var failed = new List<string>();
        await foreach (var result in VoiceBatch.RunAsync(paths, LibOpusCodec.Default, ImportAsync))
        {
            if (result.IsSuccess)
                Assert.Equal(64, result.Value.Count);
            else
                failed.Add($"{Path.GetFileName(result.Item)}: {result.Error.GetType().Name}");
        }

        failed.Sort(StringComparer.Ordinal);
        Assert.Equal(["3.wav: VoiceFormatException", "7.wav: FileNotFoundException"], failed);

        static async ValueTask<Waveform> ImportAsync(string path, IOpusCodec codec, CancellationToken cancellationToken)
        {
            var message = await new VoiceImporter(codec).ImportAsync(path, cancellationToken: cancellationToken);
            return await message.GetWaveformAsync(codec, 64, cancellationToken: cancellationToken);
        }
    }

    [Fact]
    public async Task An_item_that_fails_is_told_of_and_its_value_throws()
    {
        var results = new List<VoiceBatchResult<int, int>>();
        await foreach (var result in VoiceBatch.RunAsync(Enumerable.Range(0, 100), LibOpusCodec.Default, HalveAsync))
            results.Add(result);
        Assert.Equal(50, results.Count(result => result.IsSuccess));
        var failed = results.First(result => !result.IsSuccess);
        Assert.Same(failed.Error, Assert.Throws<InvalidDataException>(() => failed.Value));

        static async ValueTask<int> HalveAsync(int number, IOpusCodec codec, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return number % 2 == 0 ? number / 2 : throw new InvalidDataException($"{number} is odd.");
        }
    }

    [Fact]
    public async Task Work_waits_for_results_to_be_taken()
    {
        var begun = 0;
        var options = new VoiceBatchOptions { MaxDegreeOfParallelism = 3, Capacity = 4 };
        var taken = 0;
        await foreach (var result in VoiceBatch.RunAsync(Enumerable.Range(0, 500), LibOpusCodec.Default, CountAsync, options))
        {
            taken++;
            Assert.InRange(Volatile.Read(ref begun) - taken, 0, 3 + 4);
        }

        Assert.Equal(500, taken);

        ValueTask<int> CountAsync(int item, IOpusCodec codec, CancellationToken cancellationToken) =>
            ValueTask.FromResult(Interlocked.Increment(ref begun));
    }

    [Fact]
    public async Task Items_that_wait_for_results_get_them()
    {
        using var ready = new SemaphoreSlim(1);
        var taken = 0;
        await foreach (var result in VoiceBatch.RunAsync(OneAfterTheOther(), LibOpusCodec.Default, (item, _, _) => ValueTask.FromResult(item)))
        {
            taken++;
            ready.Release();
        }

        Assert.Equal(5, taken);

        IEnumerable<int> OneAfterTheOther()
        {
            for (var i = 0; i < 5; i++)
            {
                Assert.True(ready.Wait(TimeSpan.FromMinutes(1)));
                yield return i;
            }
        }
    }

    [Fact]
    public async Task Leaving_the_loop_ends_the_work()
    {
        var atWork = 0;
        await foreach (var result in VoiceBatch.RunAsync(Endless(), LibOpusCodec.Default, WorkAsync))
        {
            if (result.Index == 24)
            {
                // Those behind it are at work, or will not be any more.
                break;
            }
        }

        Assert.Equal(0, atWork);

        async ValueTask<int> WorkAsync(int item, IOpusCodec codec, CancellationToken cancellationToken)
        {
            if (item < 25)
                return item;
            Interlocked.Increment(ref atWork);
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                await Task.Delay(50, CancellationToken.None);
                Interlocked.Decrement(ref atWork);
            }

            return item;
        }
    }

    [Fact]
    public async Task Cancelling_ends_work_and_results()
    {
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var result in VoiceBatch.RunAsync(Endless(), LibOpusCodec.Default, WaitAsync, null, cancellation.Token))
                await cancellation.CancelAsync();
        });

        static async ValueTask<int> WaitAsync(int item, IOpusCodec codec, CancellationToken cancellationToken)
        {
            if (item > 10)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return item;
        }
    }

    [Fact]
    public async Task What_the_items_throw_comes_behind_the_results()
    {
        var taken = 0;
        var fault = await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (var result in VoiceBatch.RunAsync(Broken(), LibOpusCodec.Default, (item, _, _) => ValueTask.FromResult(item)))
                taken++;
        });
        Assert.Equal(("The folder is gone.", 30), (fault.Message, taken));

        static IEnumerable<int> Broken()
        {
            for (var i = 0; i < 30; i++)
                yield return i;
            throw new IOException("The folder is gone.");
        }
    }

    [Fact]
    public async Task As_many_codecs_are_made_as_cores_work()
    {
        var codec = new CountingCodec();
        var options = new VoiceBatchOptions { MaxDegreeOfParallelism = 2 };
        await foreach (var result in VoiceBatch.RunAsync(Enumerable.Repeat(Signals.Voice(1600, 16_000), 100), codec, EncodeAsync, options))
            Assert.True(result.IsSuccess);
        Assert.InRange(codec.Made, 1, 2);
    }

    private static async ValueTask<VoiceMessage> EncodeAsync(float[] pcm, IOpusCodec codec, CancellationToken cancellationToken) =>
        await VoiceMessage.EncodeAsync(new PcmReader(pcm, Mono), codec, cancellationToken: cancellationToken);

    private static byte[] BytesOf(VoiceMessage message)
    {
        using var stream = message.OpenRead();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static IEnumerable<int> Endless()
    {
        for (var i = 0; ; i++)
            yield return i;
    }
}
