using System.Diagnostics;

namespace VoiceKit.PulseAudio.Tests;

/// <summary>
/// Runs what has to keep up with real time. Where it fails while the machine let this process wait for longer than a device's
/// buffer lasts, it says nothing about the code, and is run again.
/// </summary>
internal static class RealTime
{
    private const int Attempts = 5;
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(50);

    public static async Task RunAsync(Func<Task> scenario)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var witness = new Witness();
            try
            {
                await scenario();
                return;
            }
            catch (Exception) when (attempt < Attempts && witness.HasStalled)
            {
                // The machine was too busy: once more.
            }
        }
    }

    /// <summary>Looks at the clock every few milliseconds, as the thread of a device does.</summary>
    private sealed class Witness : IDisposable
    {
        private readonly Thread _thread;
        private long _longest;
        private volatile bool _isDone;

        public Witness()
        {
            _thread = new Thread(Watch) { IsBackground = true };
            _thread.Start();
        }

        public bool HasStalled => Volatile.Read(ref _longest) > Stall.Ticks;

        public void Dispose()
        {
            _isDone = true;
            _thread.Join();
        }

        private void Watch()
        {
            while (!_isDone)
            {
                var start = Stopwatch.GetTimestamp();
                Thread.Sleep(Nap);
                _longest = Math.Max(_longest, Stopwatch.GetElapsedTime(start).Ticks);
            }
        }
    }
}
