using System.Collections.Concurrent;
using System.Diagnostics;

namespace VoiceKit.FFmpeg;

/// <summary>
/// Starts all processes on one thread that lives as long as this process: Linux ends those that want to end with their parent when the
/// thread that started them ends, and threads of the pool come and go.
/// </summary>
internal static class StarterThread
{
    private static readonly BlockingCollection<Action> Work = [];
    private static readonly Lazy<Thread> Worker = new(Begin);

    public static Process Start(ProcessStartInfo start)
    {
        _ = Worker.Value;
        var started = new TaskCompletionSource<Process>();
        Work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception exception)
            {
                started.SetException(exception);
            }
        });
        return started.Task.GetAwaiter().GetResult();
    }

    private static Thread Begin()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "VoiceKit.FFmpeg" };
        thread.Start();
        return thread;
    }

    private static void Run()
    {
        foreach (var work in Work.GetConsumingEnumerable())
            work();
    }
}
