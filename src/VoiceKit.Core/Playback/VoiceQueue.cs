using VoiceKit.Diagnostics;

namespace VoiceKit.Playback;

/// <summary>
/// Plays messages one after the other, as a chat does with those not heard yet. Speed and volume are the player's, and so go on
/// from one message to the next. All members may be used from any thread, and from handlers of the events.
/// </summary>
/// <remarks>
/// The player may be paused, sought in and resumed by itself; it loads messages for the queue only. A message that cannot be
/// opened or read is passed over, and <see cref="ItemFailed"/> tells so. A device that fails is not passed over: the player is
/// <see cref="PlaybackState.Faulted"/> then, and <see cref="PlayAsync"/> goes on.
/// </remarks>
public sealed partial class VoiceQueue : IAsyncDisposable
{
    private readonly object _gate = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly IVoicePlayer _player;
    private readonly VoiceQueueOptions _options;
    private readonly bool _leaveOpen;
    private readonly List<Item> _items = [];
    private readonly EventPump _events = new();
    private CancellationTokenSource _work = new();

    // The message that is played or was last, if it is still in the queue; the one that the player has; and the place after it.
    private Item? _current;
    private Item? _loaded;
    private int _next;
    private bool _isDisposed;

    /// <summary>Creates an empty queue.</summary>
    /// <param name="player">Plays the messages.</param>
    /// <param name="options">How to work; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the player is left undisposed when the queue is disposed.</param>
    public VoiceQueue(IVoicePlayer player, VoiceQueueOptions? options = null, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(player);
        _player = player;
        _options = options ?? new VoiceQueueOptions();
        _leaveOpen = leaveOpen;
        player.StateChanged += OnStateChanged;
    }

    /// <summary>
    /// Raised with the index of the message that has become the current one. In order, on a thread of the pool.
    /// </summary>
    public event EventHandler<int>? CurrentChanged;

    /// <summary>Raised for a message that could not be played and was passed over.</summary>
    public event EventHandler<VoiceQueueFailure>? ItemFailed;

    /// <summary>
    /// Raised when the last message was heard or passed over. A message that is added later is not played by itself.
    /// </summary>
    public event EventHandler? Ended;

    /// <summary>How many messages there are, heard ones included.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _items.Count;
        }
    }

    /// <summary>
    /// Which message is played, or was last; −1 before the first, and when that one was removed. It changes when messages are put
    /// in, moved or removed before it.
    /// </summary>
    public int CurrentIndex
    {
        get
        {
            lock (_gate)
                return _current is null ? -1 : _next - 1;
        }
    }

    /// <summary>Puts a message at the end; also while playing.</summary>
    /// <param name="message">The message.</param>
    public void Add(VoiceMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Add(_ => Task.FromResult(message));
    }

    /// <summary>Adds a message that is fetched when its turn comes, at the end; also while playing.</summary>
    /// <param name="open">
    /// Fetches the message; called each time that its turn comes. When it throws, <see cref="ItemFailed"/> tells so and the queue
    /// goes on.
    /// </param>
    public void Add(Func<CancellationToken, Task<VoiceMessage>> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        lock (_gate)
            _items.Add(new Item(open));
    }

    /// <summary>
    /// Plays a message from its start, or goes on: with the paused or failed message, with the message after a gap, or with the
    /// first one.
    /// </summary>
    /// <param name="index">Which message; null to go on.</param>
    /// <param name="position">Where in the message to begin, when its index is given.</param>
    /// <param name="cancellationToken">Ends the opening and the waiting for the output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index names no message, or the position is negative.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no message, or the current one is playing, and no index was given.
    /// </exception>
    /// <exception cref="AudioDeviceException">The output cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or another call ended the opening.</exception>
    public Task PlayAsync(int? index = null, TimeSpan position = default, CancellationToken cancellationToken = default)
    {
        if (index is { } chosen)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(position, TimeSpan.Zero);
            var item = ItemAt(chosen, nameof(index));
            return RunAsync(token => PlayFromAsync(item, token, position), cancellationToken);
        }

        lock (_gate)
        {
            if (_items.Count == 0)
                throw new InvalidOperationException("There is no message.");
            if (_loaded is not null && _loaded == _current && _player.State == PlaybackState.Playing)
                throw new InvalidOperationException("The message is playing.");
        }

        return RunAsync(GoOnAsync, cancellationToken);
    }

    /// <summary>Pauses the message, or the gap between two.</summary>
    /// <param name="cancellationToken">Ends the waiting for other calls of the player; it plays on then.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled, or another call came in between.</exception>
    public Task PauseAsync(CancellationToken cancellationToken = default) => RunAsync(
        _ => _player.State == PlaybackState.Empty ? Task.CompletedTask : _player.PauseAsync(cancellationToken),
        cancellationToken);

    /// <summary>Plays the next message at once.</summary>
    /// <param name="cancellationToken">Ends the opening and the waiting for the output.</param>
    /// <returns>False when there is none; nothing has changed then.</returns>
    /// <exception cref="AudioDeviceException">The output cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or another call ended the opening.</exception>
    public async Task<bool> NextAsync(CancellationToken cancellationToken = default)
    {
        Item? next;
        lock (_gate)
            next = _items.ElementAtOrDefault(_next);
        if (next is null)
            return false;
        await RunAsync(token => PlayFromAsync(next, token), cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Plays the message before at once; from 3 s on in a message (see <see cref="VoiceQueueOptions.RestartAfter"/>), and in the
    /// first one, plays the message from its start.
    /// </summary>
    /// <param name="cancellationToken">Ends the opening and the waiting for the output.</param>
    /// <returns>False when there are no messages; nothing has changed then.</returns>
    /// <exception cref="AudioDeviceException">The output cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or another call ended the opening.</exception>
    public async Task<bool> PreviousAsync(CancellationToken cancellationToken = default)
    {
        Item previous;
        lock (_gate)
        {
            if (_items.Count == 0)
                return false;
            var restarts = _current is null || (_loaded == _current && _player.Position >= _options.RestartAfter);
            previous = _items[Math.Max(0, restarts ? _next - 1 : _next - 2)];
        }

        await RunAsync(token => PlayFromAsync(previous, token), cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Ends the playing, and disposes the player unless that was to be left.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
        }

        _player.StateChanged -= OnStateChanged;
        BeginWork().Cancel();
        if (!_leaveOpen)
            await _player.DisposeAsync().ConfigureAwait(false);
        else if (_player.State != PlaybackState.Empty)
            await _player.PauseAsync().ConfigureAwait(false);
        _events.Complete();
    }

    // Whatever is under way, an opening or a gap, is ended by what is wanted newly.
    private CancellationTokenSource BeginWork()
    {
        var work = new CancellationTokenSource();
        CancellationTokenSource before;
        lock (_gate)
            (before, _work) = (_work, work);
        before.Cancel();
        return work;
    }

    private async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        lock (_gate)
            ObjectDisposedException.ThrowIf(_isDisposed, this);
        var interruption = BeginWork();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interruption.Token);
        await _turn.WaitAsync(ending.Token).ConfigureAwait(false);
        try
        {
            ending.Token.ThrowIfCancellationRequested();
            await work(ending.Token).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private Task GoOnAsync(CancellationToken cancellationToken)
    {
        Item? current, loaded, next;
        Item? first;
        lock (_gate)
        {
            (current, loaded) = (_current, _loaded);
            first = _items.FirstOrDefault();
            next = _items.ElementAtOrDefault(_next);
        }

        if (current is null)
            return PlayFromAsync(next ?? first, cancellationToken);
        return (_player.State, loaded == current) switch
        {
            (PlaybackState.Playing, true) => Task.CompletedTask,
            (PlaybackState.Ended, true) => PlayFromAsync(next ?? first, cancellationToken),
            (PlaybackState.Empty, _) or (_, false) => PlayFromAsync(current, cancellationToken),
            _ => _player.PlayAsync(cancellationToken),
        };
    }

    // Plays a message, or the first one behind it that can be played.
    private async Task PlayFromAsync(Item? first, CancellationToken cancellationToken, TimeSpan position = default)
    {
        for (var item = first; item is not null; item = NextOf(item))
        {
            if (MakeCurrent(item) is not { } index)
                continue;
            _events.Post(() => AppHandlers.Raise(CurrentChanged, this, index));
            try
            {
                var message = await item.Open(cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
                await _player.LoadAsync(message, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not ObjectDisposedException)
            {
                TellFailure(index, e);
                continue;
            }

            lock (_gate)
                _loaded = item;
            if (item == first && position > TimeSpan.Zero)
                await _player.SeekAsync(position).ConfigureAwait(false);
            await _player.PlayAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        _events.Post(() => AppHandlers.Raise(Ended, this));
    }

    private void TellFailure(int index, Exception exception) =>
        _events.Post(() => AppHandlers.Raise(ItemFailed, this, new VoiceQueueFailure(index, exception)));

    private void OnStateChanged(object? sender, PlaybackProgress progress)
    {
        CancellationTokenSource work;
        Item item;
        int index;
        lock (_gate)
        {
            if (_isDisposed || _loaded is null || _loaded != _current)
                return;
            (work, item, index) = (_work, _loaded, _next - 1);
        }

        // A device that fails is not the message's fault.
        if (progress.State == PlaybackState.Faulted && _player.Fault is { } fault and not AudioDeviceException)
            TellFailure(index, fault);
        else if (progress.State != PlaybackState.Ended)
            return;
        _ = AdvanceAsync(item, work.Token);
    }

    private async Task AdvanceAsync(Item item, CancellationToken cancellationToken)
    {
        try
        {
            if (NextOf(item) is not null)
                await Task.Delay(_options.Gap, _options.Clock, cancellationToken).ConfigureAwait(false);
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                // Only while nothing else was wanted meanwhile.
                cancellationToken.ThrowIfCancellationRequested();
                if (Volatile.Read(ref _loaded) == item && _player.State is (PlaybackState.Ended or PlaybackState.Faulted))
                    await PlayFromAsync(NextOf(item), cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or AudioDeviceException or ObjectDisposedException)
        {
            // Something else was wanted, or the player tells of the device by its state.
        }
    }
}
