using VoiceKit.Audio;
using VoiceKit.Cli.Commands;
using VoiceKit.Playback;
using VoiceKit.Recording;

namespace VoiceKit.Cli.Terminal;

/// <summary>
/// A recording as a chat has it: space pauses and resumes, p listens to what is there so far, Enter sends, d deletes, q and
/// Escape leave, and the draft stays. What breaks is
/// told above the row; what was recorded stays, and can be sent or gone on with.
/// </summary>
internal sealed class RecordScreen(VoiceRecorder recorder, IAudioDevices devices, RecordCommand.Source source) : IAsyncDisposable
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(40);

    private float _level = float.NegativeInfinity;
    private RecordingStateChange? _change;
    private VoicePlayer? _player;
    private bool _sendsAtEnd;

    /// <summary>Records until it is sent or deleted.</summary>
    public async Task<int> RunAsync(string path, CancellationToken cancellationToken)
    {
        recorder.Progress += (_, progress) => _level = progress.Rms;
        recorder.StateChanged += (_, change) => _change = change;
        var keys = new KeyReader().Keys;
        using var screen = TerminalScreen.Open();
        await recorder.StartAsync(cancellationToken);
        var style = TerminalStyle.FromEnvironment();
        var bars = new float[VoiceRecorder.MaxBars];
        while (true)
        {
            if (cancellationToken.IsCancellationRequested)
                return Interrupt(screen);
            if (TakeEnd() is { } end)
            {
                screen.WriteLine(end);
                if (_sendsAtEnd)
                    return await SendAsync(screen, path);
            }

            while (keys.TryRead(out var key))
            {
                var action = Keys.ToRecordAction(key);
                if (action == RecordAction.Send)
                    return await SendAsync(screen, path);
                if (action == RecordAction.Delete)
                    return await DeleteAsync(screen);
                if (action == RecordAction.Quit)
                    return Interrupt(screen);
                await DoAsync(action, screen, cancellationToken);
            }

            recorder.GetBars(bars);
            screen.Draw(RecordRow.Render(screen.Width, RowState, recorder.Elapsed, _level, bars, style));
            await Task.Delay(Frame, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync() => await StopListeningAsync();

    private RecordRowState RowState => _player is { State: PlaybackState.Playing } ? RecordRowState.Listening
        : recorder.State == RecordingState.Recording ? RecordRowState.Recording
        : RecordRowState.Paused;

    // What the recorder did by itself.
    private string? TakeEnd()
    {
        var change = Interlocked.Exchange(ref _change, null);
        _sendsAtEnd = change?.Reason == RecordingChangeReason.MaxDuration;
        return change?.Reason switch
        {
            RecordingChangeReason.MaxDuration => "The message is as long as it may be.",
            RecordingChangeReason.MaxSize => "The message is as large as it may be.",
            RecordingChangeReason.Fault => Printable.Line(change.Fault!.Message),
            _ => null,
        };
    }

    private async Task DoAsync(RecordAction action, TerminalScreen screen, CancellationToken cancellationToken)
    {
        try
        {
            if (action == RecordAction.PauseOrResume)
                await PauseOrResumeAsync(cancellationToken);
            else if (action == RecordAction.Listen)
                await ListenAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The interrupt is answered with the next frame.
        }
        catch (Exception exception) when (exception is VoiceKitException or IOException or InvalidOperationException)
        {
            screen.WriteLine(Printable.Line(exception.Message));
        }
    }

    private async Task PauseOrResumeAsync(CancellationToken cancellationToken)
    {
        await StopListeningAsync();
        if (recorder.State == RecordingState.Recording)
            await recorder.PauseAsync(cancellationToken);
        else if (recorder.Fault is AudioDeviceException)
            await ResumeElsewhereAsync(await source.OpenAsync(devices, cancellationToken), cancellationToken);
        else
            await recorder.ResumeAsync(null, cancellationToken);
    }

    private async Task ResumeElsewhereAsync(IAudioInput input, CancellationToken cancellationToken)
    {
        try
        {
            await recorder.ResumeAsync(input, cancellationToken);
        }
        catch
        {
            await input.DisposeAsync();
            throw;
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        if (await StopListeningAsync())
            return;
        if (recorder.State == RecordingState.Recording)
            await recorder.PauseAsync(cancellationToken);
        var draft = await recorder.OpenDraftAsync(cancellationToken);
        _player = new VoicePlayer(await devices.OpenOutputAsync(null, cancellationToken));
        await _player.LoadAsync(draft, cancellationToken);
        await _player.PlayAsync(cancellationToken);
    }

    private async Task<bool> StopListeningAsync()
    {
        if (_player is not { } player)
            return false;
        _player = null;
        var wasPlaying = player.State == PlaybackState.Playing;
        await player.DisposeAsync();
        return wasPlaying;
    }

    private async Task<int> SendAsync(TerminalScreen screen, string path)
    {
        await StopListeningAsync();
        screen.Dispose();
        if (await RecordCommand.SendAsync(recorder, path) is not null)
            return ExitCodes.Done;
        throw new InputException("The message is shorter than a second, and was not sent.");
    }

    private int Interrupt(TerminalScreen screen)
    {
        screen.Dispose();
        Console.Error.WriteLine($"voicekit: {RecordCommand.Kept(recorder, "Interrupted.")}");
        return ExitCodes.Cancelled;
    }

    private async Task<int> DeleteAsync(TerminalScreen screen)
    {
        await StopListeningAsync();
        await recorder.DiscardAsync();
        screen.Dispose();
        Console.WriteLine("Deleted.");
        return ExitCodes.Done;
    }
}
