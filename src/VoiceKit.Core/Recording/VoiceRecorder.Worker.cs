using System.Diagnostics;
using VoiceKit.Audio;
using VoiceKit.Diagnostics;

namespace VoiceKit.Recording;

// The recorder's own thread: moves what comes from the device through the pipeline, and sees what ends a recording by itself.
public sealed partial class VoiceRecorder
{
    // Half of the shortest progress interval and of a device's usual block.
    private const int PollMilliseconds = 10;

    private static readonly TimeSpan LongStop = TimeSpan.FromSeconds(1);

    private readonly object _pipelineGate = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly RecordingWatchers _watchers = new();
    private RecordingPipeline? _pipeline;
    private RecordingSink? _sink;
    private volatile bool _isStopping;
    private long _rounds;
    private bool _isEnding;
    private bool _isWarned;
    private long _lastAudioAt;
    private long _lastPumpAt;
    private Exception? _restFault;
    private TimeSpan _lastProgressAt;

    private void StartWorker(RecordingPipeline pipeline, RecordingSink sink)
    {
        _pipeline = pipeline;
        Connect(sink);
        new Thread(Work) { IsBackground = true, Name = "VoiceKit recorder", Priority = ThreadPriority.AboveNormal }.Start();
    }

    private void StopWorker()
    {
        _isStopping = true;
        _wake.Set();
        _watchers.Complete();
    }

    private void Connect(RecordingSink sink)
    {
        lock (_pipelineGate)
        {
            _pipeline!.Connect(sink.Format);
            _sink = sink;
            _isEnding = false;
            _lastAudioAt = _options.Clock.GetTimestamp();
            _lastPumpAt = Stopwatch.GetTimestamp();
        }

        _wake.Set();
    }

    /// <summary>How often the recorder's thread has looked for audio.</summary>
    internal long Rounds => Volatile.Read(ref _rounds);

    private void Work()
    {
        while (!_isStopping)
        {
            Volatile.Write(ref _rounds, _rounds + 1);
            if (Pump() is { } progress)
                Tell(progress);
            if (Volatile.Read(ref _sink)?.TakeMove() is { } move)
                AppHandlers.Raise(InputChanged, this, move.Current);
            _wake.WaitOne(Volatile.Read(ref _sink) is null ? Timeout.Infinite : PollMilliseconds);
        }
    }

    private RecordingProgress? Pump()
    {
        lock (_pipelineGate)
        {
            if (_sink is not { } sink)
                return null;
            ExcuseOwnSleep();
            if (TryDrain(sink) is { } end && !_isEnding)
                EndLater(sink, end.Reason, end.Fault);
            return TakeProgress();
        }
    }

    // A process that was stopped for a while, or asleep, does not blame the device for the silence.
    private void ExcuseOwnSleep()
    {
        var now = Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(_lastPumpAt, now) > LongStop)
            _lastAudioAt = _options.Clock.GetTimestamp();
        _lastPumpAt = now;
    }

    private (RecordingChangeReason Reason, Exception? Fault)? TryDrain(RecordingSink sink)
    {
        try
        {
            if (sink.Drain(_pipeline!) > 0)
                _lastAudioAt = _options.Clock.GetTimestamp();
            return FindEnd(sink);
        }
        catch (Exception exception)
        {
            // The codec's, or of a kind that nobody thought of: it ends the recording and not the process.
            return (RecordingChangeReason.Fault, exception);
        }
    }

    private (RecordingChangeReason Reason, Exception? Fault)? FindEnd(RecordingSink sink)
    {
        if (_pipeline!.Limit is { } limit)
            return (limit, null);
        if ((_draft!.Fault ?? sink.Fault ?? _pipeline.PartFault) is { } fault)
            return (RecordingChangeReason.Fault, fault);
        return _options.Clock.GetElapsedTime(_lastAudioAt) > _options.DeviceTimeout
            ? (RecordingChangeReason.Fault, NotResponding("The device gives no audio."))
            : null;
    }

    // Apart from the pumping, which would make the closure each time.
    private void EndLater(RecordingSink sink, RecordingChangeReason reason, Exception? fault)
    {
        _isEnding = true;
        _ = Task.Run(() => EndByItselfAsync(sink, reason, fault));
    }

    private async Task EndByItselfAsync(RecordingSink sink, RecordingChangeReason reason, Exception? fault)
    {
        RecordingStateChange? change = null;
        await _calls.WaitAsync().ConfigureAwait(false);
        try
        {
            if (State == RecordingState.Recording && sink == _sink && !_isDisposed)
                change = await StopCoreAsync(reason, fault).ConfigureAwait(false);
        }
        finally
        {
            _calls.Release();
        }

        if (change is not null)
            AppHandlers.Raise(StateChanged, this, change);
    }

    private RecordingProgress? TakeProgress()
    {
        var elapsed = _pipeline!.Elapsed;
        if (elapsed - _lastProgressAt < _options.ProgressInterval)
            return null;
        _lastProgressAt = elapsed;
        var (peak, rms) = _pipeline.Meter.TakeLevel();
        return new RecordingProgress
        {
            Elapsed = elapsed,
            Peak = peak,
            Rms = rms,
            BarCount = _pipeline.Meter.BarCount,
            Size = _draft!.Length,
            Remaining = _pipeline.Remaining,
            Lost = _pipeline.Lost,
        };
    }

    private void Tell(RecordingProgress progress)
    {
        _watchers.Tell(progress);
        AppHandlers.Raise(Progress, this, progress);
        if (_isWarned || progress.Remaining is not { } remaining || remaining > _options.LimitWarning)
            return;
        _isWarned = true;
        AppHandlers.Raise(LimitNear, this, remaining);
    }

    private async Task<RecordingSink> StartInputAsync(IAudioInput input, CancellationToken cancellationToken)
    {
        try
        {
            return await TryStartInputAsync(input, cancellationToken).ConfigureAwait(false);
        }
        catch (AudioDeviceException exception)
        {
            Instruments.CountInputFault(exception);
            throw;
        }
    }

    private async Task<RecordingSink> TryStartInputAsync(IAudioInput input, CancellationToken cancellationToken)
    {
        var sink = new RecordingSink(input.Format, _options.BufferDuration, input.Name);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var starting = input.StartAsync(sink, giveUp.Token).AsTask();
        try
        {
            await starting.WaitAsync(_options.DeviceTimeout, _options.Clock, cancellationToken).ConfigureAwait(false);
            return sink;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            sink.Close();
            await giveUp.CancelAsync().ConfigureAwait(false);
            _ = StopWhenStartedAsync(input, starting);
            if (exception is TimeoutException)
                throw NotResponding("The device does not start.");
            throw;
        }
    }

    // A device that answers late must not stay on.
    private static async Task StopWhenStartedAsync(IAudioInput input, Task starting)
    {
        await starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (starting.IsCompletedSuccessfully)
            await input.StopAsync().ConfigureAwait(false);
    }

    // Takes what came until the device stopped.
    private async Task StopInputAsync()
    {
        try
        {
            await _input.StopAsync().AsTask().WaitAsync(_options.DeviceTimeout, _options.Clock).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // A device that cannot even be stopped is given up: what it still sends is not taken, and what it sent is not lost.
        }

        await Task.Run(TakeRest).ConfigureAwait(false);
    }

    private async Task DisposeInputAsync(IAudioInput input)
    {
        try
        {
            await input.DisposeAsync().AsTask().WaitAsync(_options.DeviceTimeout, _options.Clock).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It is not needed any more, whatever it says.
        }
    }

    private void TakeRest()
    {
        lock (_pipelineGate)
        {
            if (_sink is not { } sink)
                return;
            sink.Close();
            try
            {
                sink.Drain(_pipeline!);
                sink.DrainLastLoss(_pipeline!);
                _pipeline!.EndInput();
            }
            catch (Exception exception)
            {
                _restFault = exception;
            }

            _sink = null;
        }
    }

    // Gives what keeps the audio from being in the draft.
    private Exception? PausePipeline()
    {
        lock (_pipelineGate)
        {
            var rest = _restFault;
            _restFault = null;
            try
            {
                _pipeline!.Pause();
                return rest ?? _draft!.Fault ?? _pipeline.PartFault;
            }
            catch (Exception exception)
            {
                // The codec's, or that of a part that the app brought.
                return rest ?? exception;
            }
        }
    }

    private AudioDeviceException NotResponding(string message) =>
        new(_input.Name is { } name ? $"{message} ({name})" : message, null, AudioDeviceFault.NotResponding);
}
