namespace VoiceKit.WebChat.Limits;

/// <summary>
/// The disk: what is uploaded is counted byte by byte as it comes, for its address and in all, and the space that is left is
/// looked at meanwhile.
/// </summary>
internal sealed class DiskSpace
{
    // A message is written twice more at most before its upload is deleted: as Ogg, and in the store.
    private const int Copies = 2;

    // After so many bytes the disk is looked at again, since others write on it too.
    private const long LookEvery = 1 << 20;

    private readonly ChatOptions _options;
    private readonly Func<long> _look;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _unfinished = [];
    private readonly TokenBuckets _bytes;
    private long _all;
    private long _left;
    private long _sinceLook = LookEvery;

    /// <summary>Makes it for the disk of the chat's folder.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="look">Says how many bytes are free; null for what the system says.</param>
    public DiskSpace(ChatOptions options, TimeProvider clock, Func<long>? look = null)
    {
        _options = options;
        _look = look ?? (() => new DriveInfo(options.Folder).AvailableFreeSpace);
        var (burst, perMinute) = options.BytesOfAddress;
        _bytes = new TokenBuckets(burst, perMinute / 60.0, clock);
    }

    /// <summary>What is uploaded or made and not yet gone, in bytes.</summary>
    public long Unfinished
    {
        get
        {
            lock (_lock)
                return _all;
        }
    }

    /// <summary>Begins to count what is written to a file.</summary>
    /// <param name="address">For whom.</param>
    /// <returns>To be disposed when the file is gone.</returns>
    public DiskShare Share(string address) => new(this, address);

    /// <summary>Looks at the space before something is begun.</summary>
    /// <exception cref="ChatException">There is no space for another message.</exception>
    public void Check()
    {
        lock (_lock)
            CheckDisk(0);
    }

    /// <summary>Counts bytes that an address has sent and that nobody keeps.</summary>
    /// <returns>Whether it may send so much.</returns>
    public bool TryCount(string address, long count) => _bytes.TryTake(address, count);

    /// <summary>Counts bytes that will be written.</summary>
    /// <exception cref="ChatException">There is no space, or the address has used its share of it.</exception>
    internal void Add(string address, long count)
    {
        if (!TryCount(address, count))
            throw new ChatException(429, "Too much data", "Your address has sent too much of late. Wait some minutes.");
        lock (_lock)
        {
            var own = _unfinished.GetValueOrDefault(address);
            if (own + count > _options.MaxUnfinishedBytesOfAddress)
                throw new ChatException(429, "Too much data", "Your address has too many uploads on their way. Wait a moment.");
            if (_all + count > _options.MaxUnfinishedBytes)
                throw new ChatException(503, "Too much data", "The server has too many uploads on their way. Wait a moment.");
            CheckDisk(count);
            _unfinished[address] = own + count;
            _all += count;
        }
    }

    /// <summary>Counts bytes that are gone.</summary>
    internal void Remove(string address, long count)
    {
        lock (_lock)
        {
            _all -= count;
            if ((_unfinished[address] -= count) == 0)
                _unfinished.Remove(address);
        }
    }

    private void CheckDisk(long count)
    {
        if (_sinceLook >= LookEvery || IsFull(count))
        {
            _left = _look();
            _sinceLook = 0;
        }

        if (IsFull(count))
            throw new ChatException(507, "The disk is full", "The server has no place for another message.");
        _left -= count;
        _sinceLook += count;
    }

    private bool IsFull(long count) => _left - count - Copies * (_all + count) < _options.MinFreeBytes;
}
