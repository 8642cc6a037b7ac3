using System.Collections.Concurrent;

namespace VoiceKit.NAudio.Tests;

/// <summary>
/// The thread that a device of NAudio has from a start to a stop. What it does is what a test tells it, one thing after the
/// other; what it throws, or the app does on it, ends it, and is told in the event that says so.
/// </summary>
internal sealed class DeviceThread
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private volatile bool _stops;

    public DeviceThread(Action<Exception?> stopped)
    {
        _thread = new Thread(() => stopped(Run())) { IsBackground = true };
        _thread.Start();
    }

    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Has it do something, and waits until it has, or has ended.</summary>
    public void Do(Action action)
    {
        using var done = new ManualResetEventSlim();
        _work.Add(() =>
        {
            try
            {
                action();
            }
            finally
            {
                done.Set();
            }
        });
        Assert.True(SpinWait.SpinUntil(() => done.IsSet || !_thread.IsAlive, TimeSpan.FromMinutes(1)));
    }

    public void Stop()
    {
        _stops = true;
        _work.Add(() => { });
    }

    public void Join() => _thread.Join();

    private Exception? Run()
    {
        try
        {
            foreach (var action in _work.GetConsumingEnumerable())
            {
                if (_stops)
                    break;
                action();
            }

            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}
