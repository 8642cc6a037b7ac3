namespace VoiceKit.Playback;

// The messages and their order, which may change while one of them is played.
public sealed partial class VoiceQueue
{
    /// <summary>Puts a message at a place; also while playing. The message that is played goes on.</summary>
    /// <param name="index">The place, 0…<see cref="Count"/>.</param>
    /// <param name="message">The message.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative or above the number of messages.</exception>
    public void Insert(int index, VoiceMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Insert(index, _ => Task.FromResult(message));
    }

    /// <summary>Adds a message that is fetched when its turn comes, at a place; also while playing.</summary>
    /// <param name="index">The place, 0…<see cref="Count"/>.</param>
    /// <param name="open">
    /// Fetches the message; called each time that its turn comes. When it throws, <see cref="ItemFailed"/> tells so and the queue
    /// goes on.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative or above the number of messages.</exception>
    public void Insert(int index, Func<CancellationToken, Task<VoiceMessage>> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        lock (_gate)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(index, _items.Count);
            _items.Insert(index, new Item(open));
            if (index < _next)
                _next++;
        }
    }

    /// <summary>Moves a message to another place; also while playing. The message that is played goes on.</summary>
    /// <param name="from">Where it is.</param>
    /// <param name="to">The index that it has afterwards.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is negative or not below the number of messages.</exception>
    public void Move(int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfNegative(to);
        lock (_gate)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(from, _items.Count);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(to, _items.Count);
            var item = _items[from];
            _items.RemoveAt(from);
            _items.Insert(to, item);
            if (_current is not null)
                _next = _items.IndexOf(_current) + 1;
            else
                _next += (to < _next ? 1 : 0) - (from < _next ? 1 : 0);
        }
    }

    /// <summary>
    /// Removes a message. The message that is played goes on, unless it is the one that is removed: then it is silent, and
    /// <see cref="PlayAsync"/> goes on with the one after it.
    /// </summary>
    /// <param name="index">Which message.</param>
    /// <param name="cancellationToken">Ends the waiting for other calls of the player; nothing is removed then.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such message.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or another call came in between.</exception>
    public Task RemoveAtAsync(int index, CancellationToken cancellationToken = default)
    {
        var item = ItemAt(index, nameof(index));
        lock (_gate)
        {
            if (item != _current)
            {
                Remove(item);
                return Task.CompletedTask;
            }
        }

        return RunAsync(_ => LeaveAsync(() => Remove(item)), cancellationToken);
    }

    /// <summary>Removes all messages. The one that is played falls silent.</summary>
    /// <param name="cancellationToken">Ends the waiting for other calls of the player; nothing is removed then.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled, or another call came in between.</exception>
    public Task ClearAsync(CancellationToken cancellationToken = default) =>
        RunAsync(_ => LeaveAsync(RemoveAll), cancellationToken);

    // Where the player has the message, it is stopped; what is removed is not played by itself any more.
    private async Task LeaveAsync(Action remove)
    {
        bool isLoaded;
        lock (_gate)
        {
            isLoaded = _loaded is not null && _loaded == _current;
            remove();
        }

        if (isLoaded && _player.State != PlaybackState.Empty)
            await _player.StopAsync().ConfigureAwait(false);
    }

    private void Remove(Item item)
    {
        var index = _items.IndexOf(item);
        if (index < 0)
            return;
        _items.RemoveAt(index);
        if (index < _next)
            _next--;
        if (item == _current)
            _current = _loaded = null;
    }

    private void RemoveAll()
    {
        _items.Clear();
        _current = _loaded = null;
        _next = 0;
    }

    private Item ItemAt(int index, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index, name);
        lock (_gate)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _items.Count, name);
            return _items[index];
        }
    }

    // The message behind another; behind one that was removed, the one that took its place.
    private Item? NextOf(Item item)
    {
        lock (_gate)
        {
            var index = _items.IndexOf(item);
            return _items.ElementAtOrDefault(index >= 0 ? index + 1 : _next);
        }
    }

    /// <summary>Makes a message the current one.</summary>
    /// <returns>Its index; null when it was removed meanwhile.</returns>
    private int? MakeCurrent(Item item)
    {
        lock (_gate)
        {
            var index = _items.IndexOf(item);
            if (index < 0)
                return null;
            (_current, _loaded, _next) = (item, null, index + 1);
            return index;
        }
    }

    /// <summary>A message of the queue: the same one may be in it twice.</summary>
    private sealed class Item(Func<CancellationToken, Task<VoiceMessage>> open)
    {
        public Func<CancellationToken, Task<VoiceMessage>> Open => open;
    }
}
