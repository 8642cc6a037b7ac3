using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace VoiceKit.FFmpeg;

/// <summary>
/// Starts all processes on one thread that lives as long as this process: Linux ends those that want to end with their parent
/// when the thread that started them ends, and threads of the pool come and go.
/// </summary>
internal static class StarterThread
{
    private static readonly BlockingCollection<Request> Work = [];
    private static readonly Lazy<Thread> Worker = new(Begin);

    public static Process Start(ProcessStartInfo start)
    {
        _ = Worker.Value;
        var request = new Request(start);
        Work.Add(request);
        return request.Take();
    }

    private static Thread Begin()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "VoiceKit.FFmpeg" };
        thread.Start();
        return thread;
    }

    private static void Run()
    {
        foreach (var request in Work.GetConsumingEnumerable())
            request.Serve();
    }

    /// <summary>
    /// A process to start. It keeps none that was taken: the thread knows its last request until there is another.
    /// </summary>
    private sealed class Request(ProcessStartInfo start)
    {
        private readonly TaskCompletionSource _served = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Process? _process;
        private ExceptionDispatchInfo? _failure;

        public void Serve()
        {
            try
            {
                _process = Process.Start(start);
            }
            catch (Exception exception)
            {
                _failure = ExceptionDispatchInfo.Capture(exception);
            }

            _served.SetResult();
        }

        public Process Take()
        {
            _served.Task.Wait();
            _failure?.Throw();
            var process = _process!;
            _process = null;
            return process;
        }
    }
}
