using VoiceKit.WebChat.Limits;

namespace VoiceKit.WebChat.Rooms;

/// <summary>How many rooms have messages, and how many of them an address began of late.</summary>
internal sealed class RoomCount
{
    private readonly ChatOptions _options;
    private readonly TokenBuckets _addresses;
    private int _count;

    public RoomCount(ChatFolder folder, ChatOptions options, TimeProvider clock)
    {
        _options = options;
        var (burst, perHour) = options.RoomsOfAddress;
        _addresses = new TokenBuckets(burst, perHour / 3600.0, clock);
        _count = Directory.EnumerateDirectories(folder.Rooms).Count();
    }

    /// <summary>Looks whether there can be one more.</summary>
    /// <exception cref="ChatException">There are too many.</exception>
    public void Check()
    {
        if (Volatile.Read(ref _count) >= _options.MaxRooms)
            throw Full();
    }

    /// <summary>Counts one more.</summary>
    /// <param name="address">Who sends its first message.</param>
    /// <exception cref="ChatException">There are too many.</exception>
    public void CheckAndCount(string address)
    {
        if (!_addresses.TryTake(address, 1))
            throw new ChatException(429, "Too many rooms", "Your address has begun too many rooms of late.");
        if (Interlocked.Increment(ref _count) <= _options.MaxRooms)
            return;
        Interlocked.Decrement(ref _count);
        throw Full();
    }

    /// <summary>Counts one less.</summary>
    public void Forget() => Interlocked.Decrement(ref _count);

    private static ChatException Full() => new(503, "The house is full", "The server has no place for another room.");
}
