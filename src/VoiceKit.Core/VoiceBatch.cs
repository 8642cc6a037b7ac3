using System.Runtime.CompilerServices;
using System.Threading.Channels;
using VoiceKit.Containers;
using VoiceKit.Opus;

namespace VoiceKit;

/// <summary>
/// Works on very many messages on all cores: imports, encodes, draws them, or whatever the app does with each. Codecs are used again, an
/// item that fails is told of and does not hold up the others, and memory stays as it is, however many there are.
/// </summary>
public static class VoiceBatch
{
    /// <summary>Works on all items and gives what became of each as soon as it is ready.</summary>
    /// <example>
    /// <code>
    /// var results = VoiceBatch.RunAsync(paths, LibOpusCodec.Default, async (path, codec, token) =>
    ///     await new VoiceImporter(codec).ImportAsync(path, cancellationToken: token));
    /// await foreach (var result in results)
    ///     Console.WriteLine(result.IsSuccess ? $"{result.Item}: {result.Value.Duration}" : $"{result.Item}: {result.Error.Message}");
    /// </code>
    /// </example>
    /// <typeparam name="TItem">The type of the items.</typeparam>
    /// <typeparam name="TResult">The type of what is made of them.</typeparam>
    /// <param name="items">The items; taken as they are needed, one at a time, on any thread. What blocks there is waited for.</param>
    /// <param name="codec">Makes encoders and decoders, for a pool.</param>
    /// <param name="work">
    /// Works on one item, with the pool for a codec; called on any thread. What it throws is the item's <see
    /// cref="VoiceBatchResult{TItem, TResult}.Error"/>, but for a cancellation by the token.
    /// </param>
    /// <param name="options">How to work; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work, and the results with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The results. Leaving the loop early ends the work. What the enumeration of the items throws comes behind the results.</returns>
    public static IAsyncEnumerable<VoiceBatchResult<TItem, TResult>> RunAsync<TItem, TResult>(
        IEnumerable<TItem> items,
        IOpusCodec codec,
        Func<TItem, IOpusCodec, CancellationToken, ValueTask<TResult>> work,
        VoiceBatchOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return RunAsync(OneByOne(items), codec, work, options, cancellationToken);
    }

    /// <inheritdoc cref="RunAsync{TItem, TResult}(IEnumerable{TItem}, IOpusCodec, Func{TItem, IOpusCodec, CancellationToken, ValueTask{TResult}}, VoiceBatchOptions?, CancellationToken)"/>
    public static IAsyncEnumerable<VoiceBatchResult<TItem, TResult>> RunAsync<TItem, TResult>(
        IAsyncEnumerable<TItem> items,
        IOpusCodec codec,
        Func<TItem, IOpusCodec, CancellationToken, ValueTask<TResult>> work,
        VoiceBatchOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(codec);
        ArgumentNullException.ThrowIfNull(work);
        return Run(items, codec, work, options ?? new VoiceBatchOptions(), cancellationToken);
    }

    private static async IAsyncEnumerable<VoiceBatchResult<TItem, TResult>> Run<TItem, TResult>(
        IAsyncEnumerable<TItem> items,
        IOpusCodec codec,
        Func<TItem, IOpusCodec, CancellationToken, ValueTask<TResult>> work,
        VoiceBatchOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var degree = Parallelism.Degree(options.MaxDegreeOfParallelism);
        using var pool = new OpusCodecPool(codec, 2 * degree);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var token = cancellation.Token;
        var waiting = Channel.CreateBounded<(long Index, TItem Item)>(new BoundedChannelOptions(degree) { SingleWriter = true });
        var results = Channel.CreateBounded<VoiceBatchResult<TItem, TResult>>(
            new BoundedChannelOptions(options.Capacity) { SingleReader = true });

        var all = Task.Run(RunAllAsync, CancellationToken.None);
        try
        {
            await foreach (var result in results.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return result;
        }
        finally
        {
            await cancellation.CancelAsync().ConfigureAwait(false);
            await all.ConfigureAwait(false);
        }

        async Task RunAllAsync()
        {
            var workers = Enumerable.Range(0, degree)
                .Select(_ => Task.Run(() => WorkAsync(waiting.Reader, results.Writer, pool, work, token), token))
                .ToArray();
            var feeding = Task.Run(() => FeedAsync(items, waiting.Writer, token), CancellationToken.None);
            try
            {
                await Task.WhenAll([feeding, .. workers]).ConfigureAwait(false);
                results.Writer.Complete();
            }
            catch (Exception exception)
            {
                results.Writer.Complete(exception);
            }
        }
    }

    private static async Task FeedAsync<TItem>(
        IAsyncEnumerable<TItem> items, ChannelWriter<(long Index, TItem Item)> waiting, CancellationToken cancellationToken)
    {
        try
        {
            long index = 0;
            await foreach (var item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
                await waiting.WriteAsync((index++, item), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            waiting.Complete();
        }
    }

    private static async Task WorkAsync<TItem, TResult>(
        ChannelReader<(long Index, TItem Item)> waiting,
        ChannelWriter<VoiceBatchResult<TItem, TResult>> results,
        IOpusCodec codec,
        Func<TItem, IOpusCodec, CancellationToken, ValueTask<TResult>> work,
        CancellationToken cancellationToken)
    {
        await foreach (var (index, item) in waiting.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            var result = await WorkOnAsync(item, index, codec, work, cancellationToken).ConfigureAwait(false);
            await results.WriteAsync(result, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async ValueTask<VoiceBatchResult<TItem, TResult>> WorkOnAsync<TItem, TResult>(
        TItem item,
        long index,
        IOpusCodec codec,
        Func<TItem, IOpusCodec, CancellationToken, ValueTask<TResult>> work,
        CancellationToken cancellationToken)
    {
        try
        {
            var value = await work(item, codec, cancellationToken).ConfigureAwait(false);
            return new VoiceBatchResult<TItem, TResult>(item, index, value, null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return new VoiceBatchResult<TItem, TResult>(item, index, default, exception);
        }
    }

    private static async IAsyncEnumerable<TItem> OneByOne<TItem>(IEnumerable<TItem> items)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var item in items)
            yield return item;
    }
}
