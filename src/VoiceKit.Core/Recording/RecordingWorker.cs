using System.Diagnostics;

namespace VoiceKit.Recording;

/// <summary>
/// The recorder's own thread and what it works on: it moves what comes from the device through the pipeline into the draft, and
/// sees what ends a recording by itself. The pipeline and the draft belong to one thread at a time: whoever holds the gate.
/// </summary>
#pragma warning disable CA1001 // The thread may be about to wait for the event when it is stopped: the garbage collector has it.
internal sealed class RecordingWorker(RecordingPipeline pipeline, DraftFile draft, VoiceRecorderOptions options)
#pragma warning restore CA1001
{
    // Half of the shortest progress interval and of a device's usual block.
    private const int PollMilliseconds = 10;

    private static readonly TimeSpan LongStop = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly AutoResetEvent _wake = new(false);
    private RecordingInput? _input;
    private RecordingSink? _sink;
    private volatile bool _isStopping;
    private long _rounds;
    private bool _isEnding;
    private long _lastAudioAt;
    private long _lastPumpAt;
    private Exception? _restFault;
    private TimeSpan _lastProgressAt;

    /// <summary>Takes the progress, on the worker's thread.</summary>
    public required Action<RecordingProgress> ProgressMade { get; init; }

    /// <summary>Takes the name of the device that the system has moved the input to, on the worker's thread.</summary>
    public required Action<string?> InputMoved { get; init; }

    /// <summary>Is told once for each sink what should end the recording, on a thread of the pool.</summary>
    public required Func<RecordingSink, RecordingChangeReason, Exception?, Task> EndFound { get; init; }

    public RecordingPipeline Pipeline => pipeline;

    public DraftFile Draft => draft;

    /// <summary>How often the thread has looked for audio.</summary>
    public long Rounds => Volatile.Read(ref _rounds);

    public void Start() =>
        new Thread(Work) { IsBackground = true, Name = "VoiceKit recorder", Priority = ThreadPriority.AboveNormal }.Start();

    /// <summary>Ends the thread, soon.</summary>
    public void Stop()
    {
        _isStopping = true;
        _wake.Set();
    }

    /// <summary>Takes what comes from a device, from now on.</summary>
    public void Connect(RecordingInput input, RecordingSink sink)
    {
        lock (_gate)
        {
            pipeline.Connect(sink.Format);
            _input = input;
            _sink = sink;
            _isEnding = false;
            _lastAudioAt = options.Clock.GetTimestamp();
            _lastPumpAt = Stopwatch.GetTimestamp();
        }

        _wake.Set();
    }

    /// <summary>Whether this is where audio comes from now.</summary>
    public bool IsConnectedTo(RecordingSink sink) => sink == _sink;

    /// <summary>Takes what came until the device stopped, and waits for nothing more.</summary>
    public void Disconnect()
    {
        lock (_gate)
        {
            if (_sink is not { } sink)
                return;
            sink.Close();
            try
            {
                sink.Drain(pipeline);
                sink.DrainLastLoss(pipeline);
                pipeline.EndInput();
            }
            catch (Exception exception)
            {
                _restFault = exception;
            }

            _sink = null;
        }
    }

    /// <summary>Brings all audio into the draft.</summary>
    /// <returns>What keeps it from being there; null where it is there.</returns>
    public Exception? Pause()
    {
        lock (_gate)
        {
            var rest = _restFault;
            _restFault = null;
            try
            {
                pipeline.Pause();
                return rest ?? draft.Fault ?? pipeline.PartFault;
            }
            catch (Exception exception)
            {
                // The codec's, or that of a part that the app brought.
                return rest ?? exception;
            }
        }
    }

    /// <summary>Gives the message as it would be if it ended here.</summary>
    public byte[] Preview()
    {
        lock (_gate)
            return pipeline.Preview();
    }

    /// <summary>Ends the draft.</summary>
    public void EndDraft()
    {
        lock (_gate)
        {
            draft.TryRetry();
            try
            {
                pipeline.Finish();
            }
            catch (OpusCodecException)
            {
                // A codec that fails at the very end costs the last packet, not the message.
                draft.Write(pipeline.PreviewEnd());
            }
        }
    }

    /// <summary>Gives all of the draft.</summary>
    public byte[] ReadDraft()
    {
        lock (_gate)
            return draft.ToArray();
    }

    /// <summary>Deletes the draft.</summary>
    public void DeleteDraft()
    {
        lock (_gate)
            draft.Delete();
    }

    /// <summary>Lets go of the pipeline, the codec among it.</summary>
    public void DisposePipeline()
    {
        lock (_gate)
            pipeline.Dispose();
    }

    /// <summary>Closes the draft.</summary>
    public void CloseDraft()
    {
        lock (_gate)
            draft.Dispose();
    }

    private void Work()
    {
        while (!_isStopping)
        {
            Volatile.Write(ref _rounds, _rounds + 1);
            if (Pump() is { } progress)
                ProgressMade(progress);
            if (Volatile.Read(ref _sink)?.TakeMove() is { } move)
                InputMoved(move.Current);
            _wake.WaitOne(Volatile.Read(ref _sink) is null ? Timeout.Infinite : PollMilliseconds);
        }
    }

    private RecordingProgress? Pump()
    {
        lock (_gate)
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
            _lastAudioAt = options.Clock.GetTimestamp();
        _lastPumpAt = now;
    }

    private (RecordingChangeReason Reason, Exception? Fault)? TryDrain(RecordingSink sink)
    {
        try
        {
            if (sink.Drain(pipeline) > 0)
                _lastAudioAt = options.Clock.GetTimestamp();
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
        if (pipeline.Limit is { } limit)
            return (limit, null);
        if ((draft.Fault ?? sink.Fault ?? pipeline.PartFault) is { } fault)
            return (RecordingChangeReason.Fault, fault);
        return options.Clock.GetElapsedTime(_lastAudioAt) > options.DeviceTimeout
            ? (RecordingChangeReason.Fault, _input!.NotResponding("The device gives no audio."))
            : null;
    }

    // Apart from the pumping, which would make the closure each time.
    private void EndLater(RecordingSink sink, RecordingChangeReason reason, Exception? fault)
    {
        _isEnding = true;
        _ = Task.Run(() => EndFound(sink, reason, fault));
    }

    private RecordingProgress? TakeProgress()
    {
        var elapsed = pipeline.Elapsed;
        if (elapsed - _lastProgressAt < options.ProgressInterval)
            return null;
        _lastProgressAt = elapsed;
        var (peak, rms) = pipeline.Meter.TakeLevel();
        return new RecordingProgress
        {
            Elapsed = elapsed,
            Peak = peak,
            Rms = rms,
            BarCount = pipeline.Meter.BarCount,
            Size = draft.Length,
            Remaining = pipeline.Remaining,
            Lost = pipeline.Lost,
        };
    }
}
