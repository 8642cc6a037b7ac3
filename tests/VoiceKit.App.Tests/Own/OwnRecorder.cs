using System.Runtime.CompilerServices;
using VoiceKit.Audio;
using VoiceKit.Recording;
using VoiceKit.Waveforms;

namespace VoiceKit.App.Tests.Own;

/// <summary>An app's own recorder, as one that records in a browser and gets the sound when it is finished.</summary>
internal sealed class OwnRecorder(IVoiceEncoder encoder, ReadOnlyMemory<float> sound, AudioFormat format) : IVoiceRecorder
{
    public event EventHandler<RecordingStateChange>? StateChanged;

    public event EventHandler<RecordingProgress>? Progress;

    public event EventHandler<TimeSpan>? LimitNear
    {
        add { }
        remove { }
    }

    public event EventHandler<string?>? InputChanged
    {
        add { }
        remove { }
    }

    public RecordingState State { get; private set; }

    public Exception? Fault => null;

    public TimeSpan Elapsed => State == RecordingState.Idle ? TimeSpan.Zero : format.DurationOf(sound.Length / format.Channels);

    public async IAsyncEnumerable<RecordingProgress> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        yield return new RecordingProgress { Elapsed = Elapsed };
    }

    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        Become(RecordingState.Recording);
        Progress?.Invoke(this, new RecordingProgress { Elapsed = Elapsed });
        return Task.CompletedTask;
    }

    public Task PauseAsync(CancellationToken cancellationToken = default)
    {
        Become(RecordingState.Paused);
        return Task.CompletedTask;
    }

    public Task ResumeAsync(IAudioInput? input = null, CancellationToken cancellationToken = default) =>
        StartAsync(cancellationToken);

    public Task<VoiceMessage> OpenDraftAsync(CancellationToken cancellationToken = default) =>
        encoder.EncodeAsync(sound, format, cancellationToken: cancellationToken);

    public async Task<VoiceMessage?> FinishAsync(
        TimeSpan? keepFrom = null, TimeSpan? keepTo = null, CancellationToken cancellationToken = default)
    {
        var message = await OpenDraftAsync(cancellationToken);
        Become(RecordingState.Finished);
        return keepFrom is null && keepTo is null
            ? message
            : await message.TrimAsync(keepFrom ?? TimeSpan.Zero, keepTo, cancellationToken);
    }

    public async Task<VoiceMessage?> FinishToFileAsync(
        string path, TimeSpan? keepFrom = null, TimeSpan? keepTo = null, CancellationToken cancellationToken = default)
    {
        var message = await FinishAsync(keepFrom, keepTo, cancellationToken);
        await message!.SaveAsync(path, cancellationToken);
        return message;
    }

    public Task DiscardAsync(CancellationToken cancellationToken = default)
    {
        Become(RecordingState.Discarded);
        return Task.CompletedTask;
    }

    public void DeleteDraft()
    {
    }

    public long GetBars(Span<float> heights) => 0;

    public Waveform GetWaveform(int bars)
    {
        var builder = new WaveformBuilder(format);
        builder.Add(sound.Span);
        return builder.Build(bars);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Become(RecordingState state)
    {
        var change = new RecordingStateChange(State, state, RecordingChangeReason.Requested);
        State = state;
        StateChanged?.Invoke(this, change);
    }
}
