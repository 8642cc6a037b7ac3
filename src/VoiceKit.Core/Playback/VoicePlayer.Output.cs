using VoiceKit.Diagnostics;
using VoiceKit.Opus;

namespace VoiceKit.Playback;

// How the output is started, left and listened to, and what is heard of it. All but Now and OnStopped is called in turn.
public sealed partial class VoicePlayer
{
    private static readonly TimeSpan _maxFill = TimeSpan.FromMilliseconds(100);

    private PlaybackProgress Now()
    {
        lock (_gate)
        {
            if (_feeder is not { } feeder)
                return new PlaybackProgress(_state, TimeSpan.Zero, TimeSpan.Zero);
            UpdateFrame();
            var duration = _message!.Samples is { } samples ? OpusRates.ToTime(samples) : feeder.Format.DurationOf(feeder.Length);
            var position = _state == PlaybackState.Ended ? duration : feeder.Format.DurationOf((long)_frame);
            return new PlaybackProgress(_state, position < duration ? position : duration, duration);
        }
    }

    // Of what the output took, what it has for its latency is yet to be heard.
    private void UpdateFrame()
    {
        if (_state != PlaybackState.Playing || _tap is not { } tap)
            return;
        // An output that has ended by itself has no latency any more; what was in it is lost.
        if (!tap.HasFaulted)
            _latency = _output.Latency;
        var frames = (long)(_latency.TotalSeconds * _feeder!.Format.SampleRate);
        if (tap.HeardPosition(_epoch, frames) is { } heard)
            _frame = Math.Max(_frame, Math.Min(heard, _feeder.Length));
    }

    private void SetState(PlaybackState state, Exception? fault = null)
    {
        if (_state == state && fault is null)
            return;
        _state = state;
        _fault = fault;
        var interval = state == PlaybackState.Playing ? _options.ProgressInterval : Timeout.InfiniteTimeSpan;
        _timer.Change(interval, interval);
        _events.PostState(Now());
    }

    private bool TrySeek(long frame)
    {
        lock (_gate)
        {
            if (_state == PlaybackState.Playing)
            {
                if (_feeder!.Begin(frame, evenIfFinished: false) is not { } epoch)
                    return false;
                _epoch = epoch;
            }

            _frame = frame;
            if (_state == PlaybackState.Ended)
                SetState(PlaybackState.Paused);
            return true;
        }
    }

    private async Task StartAsync(long frame, CancellationToken cancellationToken)
    {
        var interruption = new CancellationTokenSource();
        using var timeout = new CancellationTokenSource(_options.StartTimeout, _options.Clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token, interruption.Token);
        var tap = Prepare(frame, interruption);
        try
        {
            await FillAsync(ending.Token).ConfigureAwait(false);
            await _output.StartAsync(tap, ending.Token).AsTask().WaitAsync(ending.Token).ConfigureAwait(false);
            lock (_gate)
                SetState(PlaybackState.Playing);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            var fault = new AudioDeviceException("The output does not answer.", null, AudioDeviceFault.NotResponding);
            await FailToStartAsync(fault).ConfigureAwait(false);
            throw fault;
        }
        catch (Exception e)
        {
            await FailToStartAsync(e is OperationCanceledException ? null : e).ConfigureAwait(false);
            throw;
        }
        finally
        {
            lock (_gate)
                _starting = null;
        }
    }

    private OutputTap Prepare(long frame, CancellationTokenSource interruption)
    {
        lock (_gate)
        {
            _starting = interruption;
            _frame = frame;
            _latency = TimeSpan.Zero;
            // No output reads now.
            _feeder!.Ring.Clear();
            _epoch = _feeder.Begin(frame, evenIfFinished: true)!.Value;
            return _tap = new OutputTap(_feeder, (float)_volume, OnStopped);
        }
    }

    // An output that starts takes its whole buffer at once. What grows or comes slowly does not keep it waiting for long.
    private async Task FillAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _feeder!.WhenSettledAsync().WaitAsync(_maxFill, _options.Clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // It starts with what there is.
        }
    }

    private async Task FailToStartAsync(Exception? fault)
    {
        Instruments.CountOutputFault(fault);
        await AbandonOutputAsync().ConfigureAwait(false);
        lock (_gate)
        {
            if (fault is not null)
                SetState(PlaybackState.Faulted, fault);
            else if (_state == PlaybackState.Playing)
                SetState(PlaybackState.Paused);
        }
    }

    private async Task LeaveOutputAsync(PlaybackState state)
    {
        bool isStarted;
        lock (_gate)
        {
            UpdateFrame();
            if (state is PlaybackState.Ready or PlaybackState.Empty)
                _frame = 0;
            isStarted = Detach();
            SetState(state);
        }

        if (isStarted)
            await _output.StopAsync().ConfigureAwait(false);
    }

    private async Task AbandonOutputAsync()
    {
        lock (_gate)
            Detach();
        await _output.StopAsync().ConfigureAwait(false);
    }

    private bool Detach()
    {
        if (_tap is not { } tap)
            return false;
        tap.Close();
        _underruns += tap.Underruns;
        _tap = null;
        return true;
    }

    private void OnStopped(OutputTap tap, AudioDeviceException? fault) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            static stopped => _ = stopped.Player.AfterStoppedAsync(stopped.Tap, stopped.Fault),
            (Player: this, Tap: tap, Fault: fault),
            preferLocal: false);

    private async Task AfterStoppedAsync(OutputTap tap, AudioDeviceException? fault)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        using var turn = new Turn(_turn);
        lock (_gate)
        {
            // Of another start, or of an end from where a seek has led away meanwhile.
            if (_tap != tap || (fault is null && !_feeder!.Request.IsFinished))
                return;
            UpdateFrame();
            Detach();
            var failure = fault ?? _feeder!.Failure;
            SetState(failure is null ? PlaybackState.Ended : PlaybackState.Faulted, failure);
        }

        Instruments.CountOutputFault(fault);
        await _output.StopAsync().ConfigureAwait(false);
    }

    private readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
