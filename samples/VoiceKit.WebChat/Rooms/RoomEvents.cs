using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;

namespace VoiceKit.WebChat.Rooms;

/// <summary>
/// Tells those who follow a room what happens in it. Who cannot keep up is let go, connects again and asks for the list.
/// </summary>
internal sealed class RoomEvents(int maxFollowers)
{
    private const int MaxBehind = 256;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly List<Follower> _followers = [];

    /// <summary>How many follow the room.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _followers.Count;
        }
    }

    /// <summary>Tells all.</summary>
    /// <param name="type">The event's name.</param>
    /// <param name="data">What it is about; becomes JSON.</param>
    public void Tell<T>(string type, T data)
    {
        var item = new SseItem<string>(JsonSerializer.Serialize(data, JsonSerializerOptions.Web), type);
        lock (_lock)
        {
            foreach (var follower in _followers)
            {
                if (!follower.Items.Writer.TryWrite(item))
                    follower.Items.Writer.TryComplete();
            }
        }
    }

    /// <summary>Follows the room: what is told from the first event on is not missed.</summary>
    /// <param name="address">Who follows.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ChatException">Too many do already.</exception>
    public async IAsyncEnumerable<SseItem<string>> FollowAsync(
        string address, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var follower = Add(address);
        try
        {
            yield return new SseItem<string>("{}", "hello");
            while (await NextAsync(follower.Items.Reader, cancellationToken) is { } item)
                yield return item;
        }
        finally
        {
            lock (_lock)
                _followers.Remove(follower);
            Tell("people", new { count = Count });
        }
    }

    private Follower Add(string address)
    {
        var follower = new Follower(address, Channel.CreateBounded<SseItem<string>>(MaxBehind));
        lock (_lock)
        {
            if (_followers.Count >= maxFollowers && !MakeRoom(address))
                throw new ChatException(503, "The room is full", $"{maxFollowers} tabs follow this room already.");
            _followers.Add(follower);
        }

        Tell("people", new { count = Count });
        return follower;
    }

    // Of the address with most tabs the oldest is let go, if that has more than who comes.
    private bool MakeRoom(string address)
    {
        var own = _followers.Count(follower => follower.Address == address);
        var largest = _followers.GroupBy(follower => follower.Address).MaxBy(tabs => tabs.Count());
        if (largest is null || largest.Count() <= own + 1)
            return false;
        var lost = largest.First();
        _followers.Remove(lost);
        return lost.Items.Writer.TryComplete();
    }

    // A beat now and then shows that the connection is alive. Null when it is not, or there is nothing more to come.
    private static async Task<SseItem<string>?> NextAsync(
        ChannelReader<SseItem<string>> reader, CancellationToken cancellationToken)
    {
        using var beat = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        beat.CancelAfter(Heartbeat);
        try
        {
            return await reader.WaitToReadAsync(beat.Token) && reader.TryRead(out var item) ? item : null;
        }
        catch (OperationCanceledException)
        {
            return cancellationToken.IsCancellationRequested ? null : new SseItem<string>("{}", "beat");
        }
    }

    private sealed record Follower(string Address, Channel<SseItem<string>> Items);
}
