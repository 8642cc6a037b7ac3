using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace VoiceKit.WebChat.Limits;

/// <summary>
/// Threads for work that takes long. The system gives them what others leave of the processors, so that short requests hardly
/// wait for them.
/// </summary>
internal sealed partial class BackgroundScheduler : TaskScheduler, IDisposable
{
    private const int Nice = 10;

    private readonly BlockingCollection<Task> _tasks = [];

    /// <summary>Starts a thread for each core that imports may take, and each that long messages may take.</summary>
    public BackgroundScheduler()
    {
        for (var i = 0; i < 2 * Environment.ProcessorCount; i++)
        {
            new Thread(Work)
            {
                IsBackground = true,
                Name = "Background",
                Priority = ThreadPriority.BelowNormal,
            }.Start();
        }
    }

    public void Dispose() => _tasks.CompleteAdding();

    protected override void QueueTask(Task task) => _tasks.Add(task);

    // A task that waited here would be done by a thread with the priority of requests.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _tasks];

    private void Work()
    {
        // On Linux the runtime leaves priorities alone, and each thread has its own.
        if (OperatingSystem.IsLinux())
            _ = SetPriority(which: 0, who: 0, Nice);
        foreach (var task in _tasks.GetConsumingEnumerable())
            TryExecuteTask(task);
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);
}
