using System.Diagnostics;
using System.Runtime.Versioning;
using NAudio.CoreAudioApi;
using VoiceKit.Audio;

namespace VoiceKit.NAudio.Wasapi;

/// <summary>
/// A shared stream of a device from its start to its stop, on a thread of its own: COM's calls may block, and a window's thread
/// is none for them.
/// </summary>
[SupportedOSPlatform("windows")]
internal abstract class WasapiStream : IDisposable
{
    // Ticks are counted, not time: a process that was itself stopped misses none.
    private const int PatienceTicks = 6;
    private const int FirstSoundTicks = 16;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private readonly DeviceSession _session;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AutoResetEvent _due = new(false);
    private readonly AutoResetEvent _stop = new(false);
    private readonly WaitHandle[] _wakers;
    private readonly Lock _gate = new();
    private volatile int _silentTicks;
    private volatile bool _isHeardOf;
    private volatile bool _mustStop;
    private bool _isDisposed;
    private string? _deviceId;

    protected WasapiStream(WasapiTarget target, DeviceSession session)
    {
        Target = target;
        _session = session;
        _wakers = [_due, _stop];
    }

    protected WasapiTarget Target { get; }

    /// <summary>Whether the stream is to come to its end.</summary>
    protected bool MustStop => _mustStop || _session.IsOver;

    /// <summary>How much sound the device's buffer takes.</summary>
    protected abstract TimeSpan Buffer { get; }

    protected virtual AudioClientStreamFlags Flags => AudioClientStreamFlags.None;

    /// <summary>Whether the device has nothing to do for the stream now.</summary>
    protected virtual bool MayBeSilent => false;

    /// <summary>Starts the thread.</summary>
    /// <returns>Completes when the device works, and fails when it does not.</returns>
    public async Task StartAsync()
    {
        new Thread(Run) { IsBackground = true, Name = $"VoiceKit: {Target.Name}" }.Start();
        try
        {
            await _started.Task.WaitAsync(Tick * FirstSoundTicks).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw NotResponding();
        }
    }

    /// <summary>Lets the stream come to its end.</summary>
    public void Stop()
    {
        _mustStop = true;
        lock (_gate)
        {
            if (!_isDisposed)
                _stop.Set();
        }
    }

    /// <summary>Gives the handles back. The stream does so itself at its end.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _due.Dispose();
            _stop.Dispose();
        }
    }

    /// <summary>Takes the stream from start to stop, on the stream's thread.</summary>
    protected abstract void Play(AudioClient client, MMDevice device);

    /// <summary>Gives what is to be prepared before the device starts.</summary>
    protected virtual void Prepare(AudioClient client)
    {
    }

    /// <summary>Waits until the device wants something, or a quarter of a second is over.</summary>
    protected void Wait() => WaitHandle.WaitAny(_wakers, Tick);

    /// <summary>Notes that the device works.</summary>
    protected void NoteSound()
    {
        _silentTicks = 0;
        _isHeardOf = true;
    }

    /// <summary>The performance counter in the units of WASAPI's positions: 100 ns.</summary>
    protected static long Now() => (long)((Int128)Stopwatch.GetTimestamp() * TimeSpan.TicksPerSecond / Stopwatch.Frequency);

    private void Run()
    {
        Exception? cause = null;
        using (new Timer(_ => OnTick(), null, Tick, Tick))
        {
            try
            {
                using var boost = ThreadBoost.Begin();
                Open();
            }
            catch (Exception exception)
            {
                cause = Target.Explain(_deviceId, exception);
            }
        }

        Dispose();

        // A start that failed is told by the start alone.
        if (cause is not null && !_started.Task.IsCompleted)
            _session.Abandon();
        _session.OnStopped(cause);
        if (cause is not null && _started.TrySetException(cause))
            _ = _started.Task.Exception;
    }

    private void Open()
    {
        using var enumerator = new MMDeviceEnumerator();
        using var device = Target.Open(enumerator);
        _deviceId = device.ID;
        using var client = device.CreateAudioClient();
        Initialize(client);
        client.SetEventHandle(_due.SafeWaitHandle.DangerousGetHandle());
        Prepare(client);
        client.Start();
        _started.TrySetResult();
        Play(client, device);
        client.Stop();
    }

    private void Initialize(AudioClient client)
    {
        if (Target is { Options.Category: { } category, Kind: not AudioDeviceKind.Loopback } && client.SupportsAudioClient2)
            client.SetClientProperties(category);
        var format = Target.StreamFormat(client.MixFormat);
        const AudioClientStreamFlags Convert = AudioClientStreamFlags.AutoConvertPcm | AudioClientStreamFlags.SrcDefaultQuality;
        client.Initialize(
            AudioClientShareMode.Shared,
            AudioClientStreamFlags.EventCallback | Convert | Flags,
            Buffer.Ticks,
            0,
            format,
            Guid.Empty);
    }

    // A call that never returns is noticed here, too.
    private void OnTick()
    {
        if (!_started.Task.IsCompletedSuccessfully || _session.IsInApp || MayBeSilent)
            _silentTicks = 0;
        else if (Interlocked.Increment(ref _silentTicks) >= (_isHeardOf ? PatienceTicks : FirstSoundTicks))
            _session.OnStopped(NotResponding());
    }

    private AudioDeviceException NotResponding() =>
        NAudioFault.NotResponding("The device does not answer", Target.Name, Target.DeviceId);
}
