using VoiceKit.Audio;
using VoiceKit.Diagnostics;
using VoiceKit.Opus;

namespace VoiceKit.Playback;

/// <summary>
/// Plays voice messages on an output. The decoder has a thread of its own, and the output's thread never waits for it.
/// </summary>
public sealed partial class VoicePlayer : IVoicePlayer
{
    // Calls take their turn; who only looks takes the gate, under which nothing is waited for.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly object _gate = new();
    private readonly IOpusDecoderFactory _decoder;
    private readonly VoicePlayerOptions _options;
    private readonly bool _leaveOpen;
    private readonly PlayerEvents _events;
    private readonly ITimer _timer;
    private IAudioOutput _output;
    private LoadedMessage? _message;
    private PlaybackFeeder? _feeder;
    private OutputTap? _tap;
    private CancellationTokenSource? _loading;
    private CancellationTokenSource? _starting;
    private PlaybackState _state;
    private Exception? _fault;
    private long _epoch;
    private double _frame;
    private TimeSpan _latency;
    private long _underruns;
    private double _speed = 1;
    private double _volume = 1;
    private bool _skipsSilence;
    private bool _isDisposed;

    /// <summary>Creates a player without a message.</summary>
    /// <param name="output">Where it plays; used by the player alone from now on.</param>
    /// <param name="decoder">Makes the decoders; null for the decoder of the library itself, which needs no native code.</param>
    /// <param name="options">How to work; null for the defaults.</param>
    /// <param name="leaveOpen">Whether outputs are left undisposed when the player is disposed or gets another one.</param>
    public VoicePlayer(
        IAudioOutput output, IOpusDecoderFactory? decoder = null, VoicePlayerOptions? options = null, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        _decoder = decoder ?? DefaultOpusDecoder.Factory;
        _options = options ?? new VoicePlayerOptions();
        _leaveOpen = leaveOpen;
        _events = new PlayerEvents(
            Now,
            progress => AppHandlers.Raise(StateChanged, this, progress),
            progress => AppHandlers.Raise(PositionChanged, this, progress));
        _timer = _options.Clock.CreateTimer(
            static player => ((VoicePlayer)player!)._events.PostPosition(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public event EventHandler<PlaybackProgress>? StateChanged;

    /// <inheritdoc/>
    public event EventHandler<PlaybackProgress>? PositionChanged;

    /// <inheritdoc/>
    public PlaybackState State => Locked(static player => player._state);

    /// <inheritdoc/>
    public TimeSpan Position => Now().Position;

    /// <inheritdoc/>
    public TimeSpan Duration => Now().Duration;

    /// <inheritdoc/>
    public Exception? Fault => Locked(static player => player._fault);

    /// <inheritdoc/>
    public long Underruns => Locked(static player => player._underruns + (player._tap?.Underruns ?? 0));

    /// <inheritdoc/>
    public double Speed
    {
        get => Locked(static player => player._speed);
        set
        {
            if (!(value is >= IVoicePlayer.MinSpeed and <= IVoicePlayer.MaxSpeed))
                throw new ArgumentOutOfRangeException(nameof(value), value, "The speed is 0.5…3.");
            lock (_gate)
            {
                _speed = value;
                if (_feeder is not null)
                    _feeder.Speed = value;
            }
        }
    }

    /// <inheritdoc/>
    public double Volume
    {
        get => Locked(static player => player._volume);
        set
        {
            if (!(value is >= 0 and <= IVoicePlayer.MaxVolume))
                throw new ArgumentOutOfRangeException(nameof(value), value, "The volume is 0…2.");
            lock (_gate)
            {
                _volume = value;
                if (_tap is not null)
                    _tap.Volume = (float)value;
            }
        }
    }

    /// <inheritdoc/>
    public bool SkipSilence
    {
        get => Locked(static player => player._skipsSilence);
        set
        {
            lock (_gate)
            {
                _skipsSilence = value;
                if (_feeder is not null)
                    _feeder.SkipsSilence = value;
            }
        }
    }

    /// <summary>What the decoder's thread had allocated when it last came to rest.</summary>
    internal long DecoderAllocatedBytes => Locked(static player => player._feeder?.AllocatedBytes ?? 0);

    /// <summary>Whether all is decoded that can be before the output takes more.</summary>
    internal bool IsSettled => Locked(static player => player._feeder?.IsSettled ?? true);

    /// <inheritdoc/>
    public IAsyncEnumerable<PlaybackProgress> WatchAsync(CancellationToken cancellationToken = default) =>
        _events.WatchAsync(cancellationToken);

    /// <inheritdoc/>
    public Task LoadAsync(VoiceMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return LoadAsync(_ => new LoadedMessage(message), cancellationToken);
    }

    /// <inheritdoc/>
    public Task LoadAsync(
        Stream stream, OpusReaderOptions? options = null, bool leaveOpen = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead)
            throw new ArgumentException("The stream cannot be read.", nameof(stream));
        return LoadStreamAsync();

        async Task LoadStreamAsync()
        {
            var isTaken = false;
            try
            {
                await LoadAsync(Open, cancellationToken).ConfigureAwait(false);
            }
            catch when (!isTaken && !leaveOpen)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
                throw;
            }

            LoadedMessage Open(CancellationToken token)
            {
                isTaken = true;
                return LoadedMessage.Open(stream, options, leaveOpen, token);
            }
        }
    }

    /// <inheritdoc/>
    public async Task PlayAsync(CancellationToken cancellationToken = default)
    {
        using var turn = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        CheckLoaded();
        if (_state == PlaybackState.Playing)
            throw new InvalidOperationException("The message is playing.");
        await StartAsync(_state == PlaybackState.Ended ? 0 : (long)_frame, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task PauseAsync(CancellationToken cancellationToken = default)
    {
        Interrupt(loading: false);
        using var turn = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        CheckLoaded();
        if (_state == PlaybackState.Playing)
            await LeaveOutputAsync(PlaybackState.Paused).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        var endsLoading = Interrupt(loading: true);
        using var turn = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        if (endsLoading && _state == PlaybackState.Empty)
            return;
        CheckLoaded();
        await LeaveOutputAsync(PlaybackState.Ready).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task SeekAsync(TimeSpan position, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(position, TimeSpan.Zero);
        using var turn = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        CheckLoaded();
        var rate = _feeder!.Format.SampleRate;
        var frame = (long)(((Int128)position.Ticks * rate + TimeSpan.TicksPerSecond / 2) / TimeSpan.TicksPerSecond);
        if (_message!.Samples is not null)
            frame = Math.Min(frame, _feeder.Length);
        if (!TrySeek(frame))
        {
            // The output has read the end, and asks no more.
            await AbandonOutputAsync().ConfigureAwait(false);
            try
            {
                await StartAsync(frame, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Paused or stopped meanwhile, at the place.
            }
        }

        _events.PostPosition();
    }

    // An output that hangs or fails when it is disposed is no reason not to play on another.
    private static async Task DisposeOutputAsync(IAudioOutput output)
    {
        try
        {
            await output.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It is not needed any more, whatever it says.
        }
    }

    /// <inheritdoc/>
    public async Task SetOutputAsync(IAudioOutput output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        Interrupt(loading: false);
        using var turn = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        if (output == _output)
            return;
        var wasPlaying = _state == PlaybackState.Playing;
        if (wasPlaying)
            await LeaveOutputAsync(PlaybackState.Paused).ConfigureAwait(false);
        var before = _output;
        lock (_gate)
            _output = output;
        if (!_leaveOpen)
            _ = DisposeOutputAsync(before);
        await ChangeFormatAsync(output.Format).ConfigureAwait(false);
        if (wasPlaying)
            await StartAsync((long)_frame, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops and forgets the message, and disposes the output unless that was to be left.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
        }

        Interrupt(loading: true);
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await UnloadAsync().ConfigureAwait(false);
            await _timer.DisposeAsync().ConfigureAwait(false);
            if (!_leaveOpen)
                await _output.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
            _events.Complete();
        }
    }

    private T Locked<T>(Func<VoicePlayer, T> read)
    {
        lock (_gate)
            return read(this);
    }

    private async Task<Turn> TakeTurnAsync(CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!Locked(static player => player._isDisposed))
            return new Turn(_turn);
        _turn.Release();
        throw new ObjectDisposedException(nameof(VoicePlayer));
    }

    private void CheckLoaded()
    {
        if (_state == PlaybackState.Empty)
            throw new InvalidOperationException("There is no message.");
    }

    // Whether it ends the opening of a message.
    private bool Interrupt(bool loading)
    {
        CancellationTokenSource? load, start;
        lock (_gate)
            (load, start) = (loading ? _loading : null, _starting);
        load?.Cancel();
        start?.Cancel();
        return load is not null;
    }
}
