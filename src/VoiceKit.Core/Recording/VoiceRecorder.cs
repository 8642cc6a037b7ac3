using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using VoiceKit.Audio;
using VoiceKit.Diagnostics;
using VoiceKit.Editing;
using VoiceKit.IO;
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
/// <see cref="VoiceDrafts"/>. When the device, the disk or the codec fails, the state is <see cref="RecordingState.Faulted"/>, and what
/// was recorded is there: in the draft, or in memory when the disk does not take it.
/// </para>
/// </remarks>
public sealed partial class VoiceRecorder : IVoiceRecorder
{
    /// <summary>How many of the newest bars are kept: 51 s of 50 ms each.</summary>
    public const int MaxBars = 1024;

    private readonly SemaphoreSlim _calls = new(1, 1);
    private readonly IOpusEncoderFactory _codec;
    private readonly VoiceRecorderOptions _options;
    private IAudioInput _input;
    private DraftFile? _draft;
    private VoiceMessage? _message;
    private bool _isDisposed;

    /// <summary>Creates a recorder for one message. Nothing is opened before it is started.</summary>
    /// <param name="input">The microphone, or what else is to be recorded; the recorder disposes it with itself.</param>
    /// <param name="codec">Makes the encoder.</param>
    /// <param name="options">How to record; null for the defaults.</param>
    public VoiceRecorder(IAudioInput input, IOpusEncoderFactory codec, VoiceRecorderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(codec);
        _input = input;
        _codec = codec;
        _options = options ?? new VoiceRecorderOptions();
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
    public TimeSpan Elapsed => _pipeline?.Elapsed ?? TimeSpan.Zero;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken = default) =>
        ChangeAsync([RecordingState.Idle], StartCoreAsync, cancellationToken);

    /// <inheritdoc/>
    public Task PauseAsync(CancellationToken cancellationToken = default) =>
        ChangeAsync([RecordingState.Recording], _ => StopCoreAsync(RecordingChangeReason.Requested), cancellationToken);

    /// <inheritdoc/>
    public Task ResumeAsync(IAudioInput? input = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            [RecordingState.Paused, RecordingState.Faulted], token => ResumeCoreAsync(input ?? _input, token), cancellationToken);

    /// <inheritdoc/>
    public async Task<VoiceMessage> OpenDraftAsync(CancellationToken cancellationToken = default)
    {
        byte[]? bytes = null;
        await ChangeAsync(
            [RecordingState.Paused, RecordingState.Faulted, RecordingState.Finished], Preview, cancellationToken).ConfigureAwait(false);
        return bytes is null ? _message! : VoiceMessage.FromBytes(bytes);

        Task<RecordingStateChange?> Preview(CancellationToken token)
        {
            lock (_pipelineGate)
                bytes = _message is null ? _pipeline!.Preview() : null;
            return Task.FromResult<RecordingStateChange?>(null);
        }
    }

    /// <inheritdoc/>
    public async Task<VoiceMessage?> FinishAsync(
        TimeSpan? keepFrom = null, TimeSpan? keepTo = null, CancellationToken cancellationToken = default)
    {
        VoiceMessage? message = null;
        ExceptionDispatchInfo? failure = null;
        await ChangeAsync(
            [RecordingState.Recording, RecordingState.Paused, RecordingState.Faulted], Finish, cancellationToken).ConfigureAwait(false);
        failure?.Throw();
        return message;

        async Task<RecordingStateChange?> Finish(CancellationToken token)
        {
            CheckOrder(keepFrom, keepTo);
            var wasRecording = State == RecordingState.Recording;
            if (wasRecording)
                await StopInputAsync().ConfigureAwait(false);
            if (BeginsBehindEnd(keepFrom))
            {
                failure = ExceptionDispatchInfo.Capture(NoAudio(nameof(keepFrom), keepFrom));
                return wasRecording ? await StopCoreAsync(RecordingChangeReason.Requested).ConfigureAwait(false) : null;
            }

            if (Elapsed < _options.MinDuration)
                return Discard(RecordingChangeReason.TooShort);
            try
            {
                message = await Task.Run(() => Complete(keepFrom, keepTo), CancellationToken.None).ConfigureAwait(false);
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
        _draft!.Delete();
    }

    /// <inheritdoc/>
    public long GetBars(Span<float> heights)
    {
        heights.Clear();
        return _pipeline?.Meter.CopyBars(heights) ?? 0;
    }

    /// <inheritdoc/>
    public Waveform GetWaveform(int bars) =>
        _pipeline?.GetWaveform(bars) ?? throw new InvalidOperationException("Nothing was recorded yet.");

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordingProgress> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateBounded<RecordingProgress>(
            new BoundedChannelOptions(8) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        if (!_watchers.TryAdd(channel))
            yield break;
        try
        {
            await foreach (var progress in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return progress;
        }
        finally
        {
            _watchers.Remove(channel);
        }
    }

    /// <summary>
    /// Stops. A message that is neither finished nor discarded stays as a draft, with an end; what keeps the end from being written is
    /// in <see cref="Fault"/>, and the draft can be recovered up to its last page all the same. Nothing is thrown.
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
            TryRelease(EndDraft);
        StopWorker();
        lock (_pipelineGate)
        {
            TryRelease(() => _pipeline?.Dispose());
            TryRelease(() => _draft?.Dispose());
        }

        await DisposeInputAsync(_input).ConfigureAwait(false);
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
            pipeline = new RecordingPipeline(_codec, _options, _input.Format, draft);
            if (draft.Fault is { } fault)
                throw new IOException($"The draft cannot be written: {fault.Message}", fault);
            var sink = await StartInputAsync(_input, cancellationToken).ConfigureAwait(false);
            _draft = draft;
            StartWorker(pipeline, sink);
        }
        catch
        {
            pipeline?.Dispose();
            draft.Delete();
            throw;
        }

        return Change(RecordingState.Recording, RecordingChangeReason.Requested);
    }

    private async Task<RecordingStateChange?> ResumeCoreAsync(IAudioInput input, CancellationToken cancellationToken)
    {
        if (_pipeline!.IsFinished)
            throw new InvalidOperationException("The message has its end already: finish it once more, or discard it.");
        if (_pipeline.Limit is { } limit)
            throw new InvalidOperationException($"The message has reached its limit ({limit}).");
        _draft!.Retry();
        var sink = await StartInputAsync(input, cancellationToken).ConfigureAwait(false);
        var former = _input;
        _input = input;
        Connect(sink);
        if (former != input)
            _ = DisposeInputAsync(former);
        return Change(RecordingState.Recording, RecordingChangeReason.Requested);
    }

    // What came up to now is in the draft then. A disk that fails meanwhile counts more than the reason to stop.
    private async Task<RecordingStateChange?> StopCoreAsync(RecordingChangeReason reason, Exception? fault = null)
    {
        await StopInputAsync().ConfigureAwait(false);
        var unwritten = await Task.Run(PausePipeline).ConfigureAwait(false);
        fault ??= unwritten;
        return fault is null
            ? Change(RecordingState.Paused, reason)
            : Change(RecordingState.Faulted, RecordingChangeReason.Fault, fault);
    }

    private static void CheckOrder(TimeSpan? keepFrom, TimeSpan? keepTo)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keepFrom ?? TimeSpan.Zero, TimeSpan.Zero, nameof(keepFrom));
        if (keepTo is { } to && OpusRates.ToSamples(to) <= OpusRates.ToSamples(keepFrom ?? TimeSpan.Zero))
            throw NoAudio(nameof(keepTo), to);
    }

    private bool BeginsBehindEnd(TimeSpan? keepFrom) =>
        keepFrom is { } from && OpusRates.ToSamples(from) is > 0 and var first && first >= OpusRates.ToSamples(Elapsed);

    private static ArgumentOutOfRangeException NoAudio(string name, TimeSpan? value) => new(name, value, "There would be no audio.");

    private VoiceMessage Complete(TimeSpan? keepFrom, TimeSpan? keepTo)
    {
        EndDraft();
        byte[] bytes;
        lock (_pipelineGate)
            bytes = _draft!.ToArray();
        if (keepFrom is not null || keepTo is not null)
            bytes = Cut(bytes, keepFrom ?? TimeSpan.Zero, keepTo);
        return VoiceMessage.FromBytes(bytes, onSaved: _draft.DeleteSaved);
    }

    private static byte[] Cut(byte[] bytes, TimeSpan from, TimeSpan? to)
    {
        using var output = new MemoryStream();
        OpusEditor.Trim(new ReadOnlyMemoryStream(bytes), output, from, to);
        return output.ToArray();
    }

    // A codec that fails at the very end costs the last packet, not the message.
    private void EndDraft()
    {
        lock (_pipelineGate)
        {
            _draft!.TryRetry();
            try
            {
                _pipeline!.Finish();
            }
            catch (OpusCodecException)
            {
                _draft.Write(_pipeline!.PreviewEnd());
            }
        }
    }

    private RecordingStateChange Discard(RecordingChangeReason reason)
    {
        Exception? fault = null;
        try
        {
            lock (_pipelineGate)
                _draft!.Delete();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            fault = exception;
        }

        return Change(RecordingState.Discarded, reason, fault);
    }
}
