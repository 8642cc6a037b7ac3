using Microsoft.Win32.SafeHandles;
using VoiceKit.Storage;

namespace VoiceKit.Tests.Storage;

/// <summary>
/// A disk that is full when it is said to be: nothing is made or grows, and what is there can be moved and deleted.
/// </summary>
internal sealed class DiskWithoutRoom : StoreDisk
{
    public bool IsFull { get; set; }

    public override FileStream Create(string path)
    {
        Refuse();
        return base.Create(path);
    }

    public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long at)
    {
        Refuse();
        base.Write(file, bytes, at);
    }

    private void Refuse()
    {
        if (IsFull)
            throw new IOException("No space left on device", 28);
    }
}
