using System.Runtime.ExceptionServices;
using VoiceKit.Audio;
using VoiceKit.Diagnostics;
using VoiceKit.Opus;
using VoiceKit.Waveforms;

namespace VoiceKit.Recording;

/// <summary>Records one voice message from an audio input.</summary>
/// <remarks>
/// <para>
/// <b>Threads.</b> The device's thread puts audio into a lock-free ring and never waits. A thread of the recorder's own converts,
/// encodes and writes. What there is no room for becomes silence of the same length, so that time stays true.
/// </para>
/// <para>
/// <b>Nothing lost.</b> The draft is Ogg Opus that can be played at any moment, at most 500 ms behind the voice; see
/// <see cref="VoiceDrafts"/>. When the device, the disk or the codec fails, the state is <see cref="RecordingState.Faulted"/>,
/// and what was recorded is there: in the draft, or in memory when the disk does not take it.
/// </para>
/// </remarks>
public sealed class VoiceRecorder : IVoiceRecorder
{
    /// <summary>How many of the newest bars are kept: 51 s of 50 ms each.</summary>
    public const int MaxBars = 1024;

    private readonly SemaphoreSlim _calls = new(1, 1);
    private readonly IOpusEncoderFactory _codec;
    private readonly VoiceRecorderOptions _options;
    private readonly RecordingWatchers _watchers = new();
    private RecordingInput _input;
    private RecordingWorker? _worker;
    private VoiceMessage? _message;
    private bool _isWarned;
    private bool _isDisposed;

    /// <summary>Creates a recorder for one message. Nothing is opened before it is started.</summary>
    /// <param name="input">The microphone, or what else is to be recorded; the recorder disposes it with itself.</param>
    /// <param name="codec">Makes the encoder.</param>
    /// <param name="options">How to record; null for the defaults.</param>
    public VoiceRecorder(IAudioInput input, IOpusEncoderFactory codec, VoiceRecorderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(codec);
        _codec = codec;
        _options = options ?? new VoiceRecorderOptions();
        _input = new RecordingInput(input, _options);
    }

    /// <inheritdoc/>
    public event EventHandler<RecordingStateChange>? StateChanged;

    /// <inheritdoc/>
    public event EventHandler<RecordingProgress>? Progress;

    /// <inheritdoc/>
    public event EventHandler<TimeSpan>? LimitNear;

    /// <inheritdoc/>
    public event EventHandler<string?>? InputChanged;

    /// <inheritdoc/>
    public RecordingState State { get; private set; }

    /// <inheritdoc/>
    public Exception? Fault { get; private set; }

    /// <inheritdoc/>
    public TimeSpan Elapsed => _worker?.Pipeline.Elapsed ?? TimeSpan.Zero;

    /// <summary>How often the recorder's thread has looked for audio.</summary>
    internal long Rounds => _worker?.Rounds ?? 0;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken = default) =>
        ChangeAsync([RecordingState.Idle], StartCoreAsync, cancellationToken);

    /// <inheritdoc/>
    public Task PauseAsync(CancellationToken cancellationToken = default) =>
        ChangeAsync([RecordingState.Recording], _ => StopCoreAsync(RecordingChangeReason.Requested), cancellationToken);

    /// <inheritdoc/>
    public Task ResumeAsync(IAudioInput? input = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            [RecordingState.Paused, RecordingState.Faulted], token => ResumeCoreAsync(input, token), cancellationToken);

    /// <inheritdoc/>
    public async Task<VoiceMessage> OpenDraftAsync(CancellationToken cancellationToken = default)
    {
        byte[]? bytes = null;
        await ChangeAsync(
            [RecordingState.Paused, RecordingState.Faulted, RecordingState.Finished],
            Preview,
            cancellationToken).ConfigureAwait(false);
        return bytes is null ? _message! : VoiceMessage.FromBytes(bytes);

        Task<RecordingStateChange?> Preview(CancellationToken token)
        {
            bytes = _message is null ? _worker!.Preview() : null;
            return Task.FromResult<RecordingStateChange?>(null);
        }
    }

    /// <inheritdoc/>
    public async Task<VoiceMessage?> FinishAsync(
        TimeSpan? keepFrom = null, TimeSpan? keepTo = null, CancellationToken cancellationToken = default)
    {
        var part = new KeptPart(keepFrom, keepTo);
        VoiceMessage? message = null;
        ExceptionDispatchInfo? failure = null;
        await ChangeAsync(
            [RecordingState.Recording, RecordingState.Paused, RecordingState.Faulted],
            Finish,
            cancellationToken).ConfigureAwait(false);
        failure?.Throw();
        return message;

        async Task<RecordingStateChange?> Finish(CancellationToken token)
        {
            part.Check();
            var wasRecording = State == RecordingState.Recording;
            if (wasRecording)
                await StopInputAsync().ConfigureAwait(false);
            if (part.FindFault(Elapsed) is { } fault)
            {
                failure = ExceptionDispatchInfo.Capture(fault);
                return wasRecording ? await StopCoreAsync(RecordingChangeReason.Requested).ConfigureAwait(false) : null;
            }

            if (Elapsed < _options.MinDuration)
                return Discard(RecordingChangeReason.TooShort);
            try
            {
                message = await Task.Run(() => Complete(part), CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
                return Change(RecordingState.Faulted, RecordingChangeReason.Fault, exception);
            }

            _message = message;
            return Change(RecordingState.Finished, RecordingChangeReason.Requested);
        }
    }

    /// <inheritdoc/>
    public async Task<VoiceMessage?> FinishToFileAsync(
        string path, TimeSpan? keepFrom = null, TimeSpan? keepTo = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var message = State == RecordingState.Finished && keepFrom is null && keepTo is null
            ? _message
            : await FinishAsync(keepFrom, keepTo, cancellationToken).ConfigureAwait(false);
        if (message is null)
            return null;
        await message.SaveAsync(path, CancellationToken.None).ConfigureAwait(false);
        DeleteDraft();
        return message.At(path);
    }

    /// <inheritdoc/>
    public Task DiscardAsync(CancellationToken cancellationToken = default)
    {
        return ChangeAsync(
            [RecordingState.Recording, RecordingState.Paused, RecordingState.Faulted], StopAndDiscardAsync, cancellationToken);

        async Task<RecordingStateChange?> StopAndDiscardAsync(CancellationToken token)
        {
            if (State == RecordingState.Recording)
                await StopInputAsync().ConfigureAwait(false);
            return Discard(RecordingChangeReason.Requested);
        }
    }

    /// <inheritdoc/>
    public void DeleteDraft()
    {
        if (State != RecordingState.Finished)
            throw WrongState([RecordingState.Finished]);
        _worker!.Draft.Delete();
    }

    /// <inheritdoc/>
    public long GetBars(Span<float> heights)
    {
        heights.Clear();
        return _worker?.Pipeline.Meter.CopyBars(heights) ?? 0;
    }

    /// <inheritdoc/>
    public Waveform GetWaveform(int bars) =>
        _worker?.Pipeline.GetWaveform(bars) ?? throw new InvalidOperationException("Nothing was recorded yet.");

    /// <inheritdoc/>
    public IAsyncEnumerable<RecordingProgress> WatchAsync(CancellationToken cancellationToken = default) =>
        _watchers.WatchAsync(cancellationToken);

    /// <summary>
    /// Stops. A message that is neither finished nor discarded stays as a draft, with an end; what keeps the end from being
    /// written is in <see cref="Fault"/>, and the draft can be recovered up to its last page all the same. Nothing is thrown.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _calls.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!_isDisposed)
                await EndAsync().ConfigureAwait(false);
        }
        finally
        {
            _calls.Release();
        }
    }

    private async Task EndAsync()
    {
        _isDisposed = true;
        if (State == RecordingState.Recording)
            await StopInputAsync().ConfigureAwait(false);
        if (State is RecordingState.Recording or RecordingState.Paused or RecordingState.Faulted)
            TryRelease(_worker!.EndDraft);
        StopWorker();
        if (_worker is { } worker)
        {
            TryRelease(worker.DisposePipeline);
            TryRelease(worker.CloseDraft);
        }

        await _input.DisposeAsync().ConfigureAwait(false);
    }

    // One thing that cannot be released, the app's own codec for instance, keeps nothing else from being released.
    private void TryRelease(Action release)
    {
        try
        {
            release();
        }
        catch (Exception exception)
        {
            Fault ??= exception;
        }
    }

    // One call at a time, and its event when the next may come.
    private async Task ChangeAsync(
        RecordingState[] allowed, Func<CancellationToken, Task<RecordingStateChange?>> work, CancellationToken cancellationToken)
    {
        RecordingStateChange? change;
        await _calls.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!allowed.Contains(State))
                throw WrongState(allowed);
            change = await work(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _calls.Release();
        }

        if (change is null)
            return;
        AppHandlers.Raise(StateChanged, this, change);

        // It is discarded all the same, but who asked for it should know.
        if (change is { Current: RecordingState.Discarded, Fault: { } fault })
            ExceptionDispatchInfo.Throw(fault);
    }

    private InvalidOperationException WrongState(RecordingState[] allowed) =>
        new($"The recorder is {State}; this takes {string.Join(" or ", allowed)}.");

    private RecordingStateChange Change(RecordingState state, RecordingChangeReason reason, Exception? fault = null)
    {
        var change = new RecordingStateChange(State, state, reason, fault);
        Instruments.CountInputFault(fault);
        Fault = fault;
        State = state;
        if (state is RecordingState.Finished or RecordingState.Discarded)
            StopWorker();
        return change;
    }

    private async Task<RecordingStateChange?> StartCoreAsync(CancellationToken cancellationToken)
    {
        var draft = _options.Drafts?.Create() ?? new DraftFile(new MemoryStream(), null);
        RecordingPipeline? pipeline = null;
        try
        {
            pipeline = new RecordingPipeline(_codec, _options, _input.Device.Format, draft);
            if (draft.Fault is { } fault)
                throw new IOException($"The draft cannot be written: {fault.Message}", fault);
            var sink = await _input.StartAsync(cancellationToken).ConfigureAwait(false);
            _worker = new RecordingWorker(pipeline, draft, _options)
            {
                ProgressMade = Tell,
                InputMoved = name => AppHandlers.Raise(InputChanged, this, name),
                EndFound = EndByItselfAsync,
            };
            _worker.Connect(_input, sink);
            _worker.Start();
        }
        catch
        {
            pipeline?.Dispose();
            draft.Delete();
            throw;
        }

        return Change(RecordingState.Recording, RecordingChangeReason.Requested);
    }

    private async Task<RecordingStateChange?> ResumeCoreAsync(IAudioInput? device, CancellationToken cancellationToken)
    {
        var pipeline = _worker!.Pipeline;
        if (pipeline.IsFinished)
            throw new InvalidOperationException("The message has its end already: finish it once more, or discard it.");
        if (pipeline.Limit is { } limit)
            throw new InvalidOperationException($"The message has reached its limit ({limit}).");
        _worker.Draft.Retry();
        var former = _input;
        var input = device is null || device == former.Device ? former : new RecordingInput(device, _options);
        var sink = await input.StartAsync(cancellationToken).ConfigureAwait(false);
        _input = input;
        _worker.Connect(input, sink);
        if (former != input)
            _ = former.DisposeAsync().AsTask();
        return Change(RecordingState.Recording, RecordingChangeReason.Requested);
    }

    // What came up to now is in the draft then. A disk that fails meanwhile counts more than the reason to stop.
    private async Task<RecordingStateChange?> StopCoreAsync(RecordingChangeReason reason, Exception? fault = null)
    {
        await StopInputAsync().ConfigureAwait(false);
        var unwritten = await Task.Run(_worker!.Pause).ConfigureAwait(false);
        fault ??= unwritten;
        return fault is null
            ? Change(RecordingState.Paused, reason)
            : Change(RecordingState.Faulted, RecordingChangeReason.Fault, fault);
    }

    // Takes what came until the device stopped.
    private async Task StopInputAsync()
    {
        await _input.StopAsync().ConfigureAwait(false);
        await Task.Run(_worker!.Disconnect).ConfigureAwait(false);
    }

    private void StopWorker()
    {
        _worker?.Stop();
        _watchers.Complete();
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

    private async Task EndByItselfAsync(RecordingSink sink, RecordingChangeReason reason, Exception? fault)
    {
        RecordingStateChange? change = null;
        await _calls.WaitAsync().ConfigureAwait(false);
        try
        {
            if (State == RecordingState.Recording && _worker!.IsConnectedTo(sink) && !_isDisposed)
                change = await StopCoreAsync(reason, fault).ConfigureAwait(false);
        }
        finally
        {
            _calls.Release();
        }

        if (change is not null)
            AppHandlers.Raise(StateChanged, this, change);
    }

    private VoiceMessage Complete(KeptPart part)
    {
        var worker = _worker!;
        worker.EndDraft();
        return VoiceMessage.FromBytes(part.CutOut(worker.ReadDraft()), onSaved: worker.Draft.DeleteSaved);
    }

    private RecordingStateChange Discard(RecordingChangeReason reason)
    {
        Exception? fault = null;
        try
        {
            _worker!.DeleteDraft();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            fault = exception;
        }

        return Change(RecordingState.Discarded, reason, fault);
    }
}
