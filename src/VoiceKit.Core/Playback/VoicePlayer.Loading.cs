using VoiceKit.Audio;

namespace VoiceKit.Playback;

// How a message comes and goes. All is called in turn.
public sealed partial class VoicePlayer
{
    private async Task LoadAsync(Func<CancellationToken, LoadedMessage> open, CancellationToken cancellationToken)
    {
        Interrupt(loading: true);
        using var turn = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        await UnloadAsync().ConfigureAwait(false);
        var interruption = new CancellationTokenSource();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interruption.Token);
        lock (_gate)
            _loading = interruption;
        try
        {
            await OpenAsync(open, ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("Another call has ended the opening.", interruption.Token);
        }
        finally
        {
            lock (_gate)
                _loading = null;
        }
    }

    private async Task OpenAsync(Func<CancellationToken, LoadedMessage> open, CancellationToken cancellationToken)
    {
        var format = _output.Format;
        var opening = Task.Run(
            () =>
            {
                var message = open(cancellationToken);
                message.IsUnwanted = () => cancellationToken.IsCancellationRequested;
                try
                {
                    return (message, new MessageSource(message, _decoder, format));
                }
                catch
                {
                    message.Dispose();
                    throw;
                }
            },
            CancellationToken.None);
        try
        {
            var (message, source) = await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                _message = message;
                _frame = 0;
                Attach(source);
                SetState(PlaybackState.Ready);
            }
        }
        catch (OperationCanceledException)
        {
            await WaitForStreamAsync(DisposeLateAsync(opening)).ConfigureAwait(false);
            throw;
        }
    }

    private static async Task DisposeLateAsync(Task<(LoadedMessage Message, MessageSource Source)> opening)
    {
        try
        {
            var (message, source) = await opening.ConfigureAwait(false);
            source.Dispose();
            message.Dispose();
        }
        catch (Exception)
        {
            // It has cleaned up after itself, and who asked for it has gone.
        }
    }

    private void Attach(MessageSource source) =>
        _feeder = new PlaybackFeeder(_message!, source, _options.SilenceThreshold, _output.BufferDuration)
        {
            Speed = _speed,
            SkipsSilence = _skipsSilence,
        };

    private async Task ChangeFormatAsync(AudioFormat format)
    {
        if (_feeder is not { } feeder || feeder.Format == format)
            return;
        feeder.Close(keepsMessage: true);
        try
        {
            if (!await WaitForStreamAsync(feeder.Completion).ConfigureAwait(false))
                throw new IOException("The message's stream does not answer.");
            var source = await Task.Run(() => new MessageSource(_message!, _decoder, format)).ConfigureAwait(false);
            lock (_gate)
            {
                _frame = Math.Floor(_frame * format.SampleRate / feeder.Format.SampleRate);
                Attach(source);
            }
        }
        catch
        {
            // A thread that still reads closes the message itself when it ends.
            if (feeder.Completion.IsCompleted)
                _message!.Dispose();
            await UnloadAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task UnloadAsync()
    {
        await LeaveOutputAsync(PlaybackState.Empty).ConfigureAwait(false);
        PlaybackFeeder? feeder;
        lock (_gate)
        {
            feeder = _feeder;
            feeder?.Close(keepsMessage: false);
            _feeder = null;
            _message = null;
        }

        if (feeder is not null)
            await WaitForStreamAsync(feeder.Completion).ConfigureAwait(false);
    }

    // Until nothing reads the stream any more: it may be the caller's. One that never answers is left behind.
    private async Task<bool> WaitForStreamAsync(Task reading)
    {
        try
        {
            await reading.WaitAsync(_options.ReadTimeout, _options.Clock).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
