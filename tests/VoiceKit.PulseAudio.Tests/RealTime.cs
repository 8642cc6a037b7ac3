using System.Diagnostics;
using System.Globalization;

namespace VoiceKit.PulseAudio.Tests;

/// <summary>
/// Runs what has to keep up with real time. Where it fails on a machine that let this process wait for longer than a device's
/// buffer lasts, or let any wait for a fifth of the time, it says nothing about the code, and is run again.
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
            catch (Exception) when (attempt < Attempts && witness.WasBusy)
            {
                // The machine was too busy: once more.
            }
        }
    }

    /// <summary>Looks at the clock every few milliseconds, as the thread of a device does, and at what the system says.</summary>
    private sealed class Witness : IDisposable
    {
        private const string Pressure = "/proc/pressure/cpu";
        private readonly Thread _thread;
        private readonly long _start = Stopwatch.GetTimestamp();
        private readonly long _waitedBefore = ReadWaited();
        private long _longest;
        private volatile bool _isDone;

        public Witness()
        {
            _thread = new Thread(Watch) { IsBackground = true };
            _thread.Start();
        }

        public bool WasBusy => Volatile.Read(ref _longest) > Stall.Ticks
            || (ReadWaited() - _waitedBefore) > 0.2 * Stopwatch.GetElapsedTime(_start).TotalMicroseconds;

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

        // "some avg10=… total=N": for how many microseconds something had to wait for a processor since the system started.
        private static long ReadWaited()
        {
            try
            {
                var line = File.ReadLines(Pressure).First();
                return long.Parse(line[(line.LastIndexOf('=') + 1)..], CultureInfo.InvariantCulture);
            }
            catch (Exception exception)
                when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                return 0; // Not every system counts it.
            }
        }
    }
}
