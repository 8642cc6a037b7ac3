namespace VoiceKit.Storage;

/// <summary>
/// Does each work on a thread that may wait for the disk: the pool has few and adds them slowly. A thread that is done takes the
/// next work for a while before it ends, since a new one costs more than a message, and loses the buffers that the last one had.
/// </summary>
internal sealed class DiskThreads : TaskScheduler
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly Queue<Task> _waiting = new();
    private int _idle;

    private DiskThreads()
    {
    }

    /// <summary>The threads of all stores.</summary>
    public static DiskThreads Shared { get; } = new();

    /// <summary>Does the work.</summary>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Cancels what has not begun.</param>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        const TaskCreationOptions Apart = TaskCreationOptions.DenyChildAttach | TaskCreationOptions.HideScheduler;
        return OperatingSystem.IsBrowser() || OperatingSystem.IsWasi()
            ? Task.Run(work, cancellationToken)
            : Task.Factory.StartNew(work, cancellationToken, Apart, this);
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
        {
            _waiting.Enqueue(task);
            if (_waiting.Count <= _idle)
                Monitor.Pulse(_gate);
            else
                new Thread(Work) { IsBackground = true, Name = "VoiceKit disk" }.UnsafeStart();
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate)
            return [.. _waiting];
    }

    private void Work()
    {
        while (Take() is { } task)
            TryExecuteTask(task);
    }

    // Null when nothing has come for a while, or somebody else has taken it.
    private Task? Take()
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out var task))
                return task;
            _idle++;
        }

        SpinUntilSomethingWaits();
        lock (_gate)
        {
            if (_waiting.Count == 0)
                Monitor.Wait(_gate, Patience);
            _idle--;
            return _waiting.TryDequeue(out var task) ? task : null;
        }
    }

    // Who adds one message after the other brings the next within microseconds, which is less than to fall asleep and wake takes.
    // The count is read without the lock: what is seen late is found under it.
    private void SpinUntilSomethingWaits()
    {
        var spin = new SpinWait();
        while (_waiting.Count == 0 && !spin.NextSpinWillYield)
            spin.SpinOnce();
    }
}
