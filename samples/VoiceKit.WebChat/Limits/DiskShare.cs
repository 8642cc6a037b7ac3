namespace VoiceKit.WebChat.Limits;

/// <summary>The space that a file takes until it is gone.</summary>
internal sealed class DiskShare(DiskSpace disk, string address) : IDisposable
{
    private readonly Lock _lock = new();
    private long _count;
    private bool _isGone;

    /// <summary>Counts bytes before they are written.</summary>
    /// <exception cref="ChatException">There is no space, or the address has used its share of it.</exception>
    public void Add(long count)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isGone, this);
            if (count == 0)
                return;
            disk.Add(address, count);
            _count += count;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (!_isGone && _count > 0)
                disk.Remove(address, _count);
            _isGone = true;
        }
    }
}
