namespace VoiceKit.Containers;

/// <summary>
/// Works on pieces on several threads and gives them back in the order they were posted in. One thread posts and takes. The
/// pieces are used again and again, so memory is bounded by their number.
/// </summary>
/// <typeparam name="T">A piece: what to work on, and the outcome.</typeparam>
internal sealed class OrderedWork<T> : IDisposable
    where T : class
{
    private readonly Queue<(T Piece, Task Work)> _posted = new();
    private readonly Queue<(T Piece, TaskCompletionSource Work)> _waiting = new();
    private readonly Stack<T> _idle = new();
    private readonly CancellationTokenSource _cancellation;
    private readonly Func<T> _create;
    private readonly Action<T, CancellationToken> _work;
    private readonly int _degree;
    private int _threads;

    /// <param name="maxDegreeOfParallelism">How many threads may work at once; 1 works on the thread that posts.</param>
    /// <param name="create">Makes a piece; called once for each thread and each spare piece, unless pieces are kept.</param>
    /// <param name="work">What to do; called on any thread.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public OrderedWork(
        int maxDegreeOfParallelism,
        Func<T> create,
        Action<T, CancellationToken> work,
        CancellationToken cancellationToken = default)
    {
        _degree = maxDegreeOfParallelism;
        _create = create;
        _work = work;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>
    /// How many pieces more than there are threads are wanted: as long as they last, no thread is idle while the first piece is
    /// late.
    /// </summary>
    public int Spare { get; init; } = 1;

    /// <summary>Whether there are enough pieces for all threads, and those that are spare.</summary>
    public bool IsFull => _posted.Count >= (_degree == 1 ? 1 : _degree + Spare);

    /// <summary>A piece to fill.</summary>
    public T Rent() => _idle.TryPop(out var piece) ? piece : _create();

    /// <summary>Takes a piece back that nobody uses any longer.</summary>
    public void Return(T piece) => _idle.Push(piece);

    /// <summary>Has a piece worked on.</summary>
    public void Post(T piece) => _posted.Enqueue((piece, Start(piece)));

    /// <summary>Waits for the piece that was posted first.</summary>
    /// <param name="isAsync">Whether the thread goes on meanwhile.</param>
    /// <returns>Null when none is left.</returns>
    public async ValueTask<T?> Take(bool isAsync)
    {
        if (!_posted.TryPeek(out var first))
            return null;
        if (isAsync)
            await first.Work.ConfigureAwait(false);
        else
            first.Work.GetAwaiter().GetResult();
        return _posted.Dequeue().Piece;
    }

    /// <summary>Ends what is being worked on, and waits for it.</summary>
    public void Dispose()
    {
        if (_posted.Count > 0)
            _cancellation.Cancel();
        while (_posted.TryDequeue(out var posted))
            ((IAsyncResult)posted.Work).AsyncWaitHandle.WaitOne();
        _cancellation.Dispose();
    }

    private Task Start(T piece)
    {
        var work = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_degree == 1)
        {
            WorkOn(piece, work);
            return work.Task;
        }

        lock (_waiting)
        {
            _waiting.Enqueue((piece, work));
            if (_threads == _degree)
                return work.Task;
            _threads++;
        }

        _ = Task.Run(WorkOnWaiting);
        return work.Task;
    }

    // A thread goes on for as long as pieces wait, so no more than wanted are at work, however many the pool has.
    private void WorkOnWaiting()
    {
        while (NextWaiting() is { } next)
            WorkOn(next.Piece, next.Work);
    }

    private (T Piece, TaskCompletionSource Work)? NextWaiting()
    {
        lock (_waiting)
        {
            if (_waiting.TryDequeue(out var next))
                return next;
            _threads--;
            return null;
        }
    }

    private void WorkOn(T piece, TaskCompletionSource work)
    {
        try
        {
            _work(piece, _cancellation.Token);
            work.SetResult();
        }
        catch (OperationCanceledException exception)
        {
            work.SetCanceled(exception.CancellationToken);
        }
        catch (Exception exception)
        {
            work.SetException(exception);
        }
    }
}
