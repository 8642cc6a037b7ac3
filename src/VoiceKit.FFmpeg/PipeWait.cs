using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace VoiceKit.FFmpeg;

/// <summary>
/// Waits for a pipe a moment at a time, so that whoever waits can be told to stop: a call that blocks on a pipe is not woken by
/// closing it.
/// </summary>
internal sealed partial class PipeWait(Stream pipe)
{
    private const short HasInput = 1; // POLLIN
    private const short HasRoom = 4; // POLLOUT

    private readonly SafeHandle? _handle = OperatingSystem.IsWindows() ? null : (pipe as PipeStream)?.SafePipeHandle;

    /// <summary>Whether this system lets one wait so; elsewhere a wait is over at once.</summary>
    public bool IsSupported => _handle is not null;

    /// <summary>Whether something can be read, or the other end is closed.</summary>
    /// <param name="milliseconds">How long to wait for it.</param>
    public bool IsReadable(int milliseconds) => IsReady(HasInput, milliseconds);

    /// <summary>Whether 4 KiB can be written, or the other end is closed.</summary>
    /// <param name="milliseconds">How long to wait for it.</param>
    public bool IsWritable(int milliseconds) => IsReady(HasRoom, milliseconds);

    private bool IsReady(short events, int milliseconds)
    {
        if (_handle is null || _handle.IsClosed)
            return true;
        var isHeld = false;
        try
        {
            _handle.DangerousAddRef(ref isHeld);
            var entry = new Entry { File = (int)_handle.DangerousGetHandle(), Events = events };
            return Poll(ref entry, 1, milliseconds) > 0;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
        finally
        {
            if (isHeld)
                _handle.DangerousRelease();
        }
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref Entry entry, nuint count, int milliseconds);

    // struct pollfd
    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public int File;
        public short Events;
        public short Found;
    }
}
