using System.Runtime.InteropServices;
using VoiceKit.IO;

namespace VoiceKit.Recording;

/// <summary>
/// The bytes of a draft: a file that no other process can open as a draft while this one has it, or memory. Writing never fails:
/// what the disk does not take is kept in memory, in its order, until <see cref="Retry"/> gets it there.
/// </summary>
internal sealed class DraftFile : Stream
{
    private readonly Stream _stream;
    private readonly MemoryStream _unwritten = new();
    private readonly string? _path;
    private long _written;
    private bool _isFlushLost;
    private bool _isDeleted;

    /// <summary>Creates a draft.</summary>
    /// <param name="stream">Takes the bytes; empty, can seek and be read, has no buffer of its own.</param>
    /// <param name="path">The file's path, if it is one.</param>
    public DraftFile(Stream stream, string? path)
    {
        _stream = stream;
        _path = path;
    }

    /// <summary>Why bytes wait in memory; null when none do.</summary>
    public Exception? Fault { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _written + _unwritten.Length;

    public override long Position
    {
        get => Length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Fault is null)
            TryWrite(buffer);
        if (Fault is not null)
            _unwritten.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    /// <summary>Writes what waits in memory.</summary>
    /// <exception cref="IOException">The bytes still cannot be written; they go on waiting.</exception>
    public void Retry()
    {
        if (!TryRetry())
            throw new IOException($"The draft cannot be written: {Fault!.Message}", Fault);
    }

    /// <summary>Writes what waits in memory, if that can be.</summary>
    public bool TryRetry()
    {
        if (Fault is null)
            return true;
        Fault = null;
        if (_isFlushLost)
            RewriteAndFlush();
        if (Fault is null)
            TryWrite(UnwrittenBytes);
        if (Fault is not null)
            return false;
        _unwritten.SetLength(0);
        return true;
    }

    /// <summary>Makes what was written survive a loss of power, as far as the disk goes along.</summary>
    public void FlushToDisk()
    {
        if (Fault is not null || _stream is not FileStream file)
            return;
        Try(file, DiskFlush.File);
        _isFlushLost = Fault is not null;
    }

    /// <summary>Gives all bytes, the unwritten ones too, and others behind them.</summary>
    public byte[] ToArray(ReadOnlySpan<byte> behind = default)
    {
        var bytes = new byte[Length + behind.Length];
        _stream.Position = 0;
        _stream.ReadExactly(bytes.AsSpan(0, (int)_written));
        _stream.Position = _written;
        UnwrittenBytes.CopyTo(bytes.AsSpan((int)_written));
        behind.CopyTo(bytes.AsSpan((int)Length));
        return bytes;
    }

    /// <summary>Closes and deletes the draft. Does nothing when it is deleted already.</summary>
    public void Delete()
    {
        lock (_unwritten)
        {
            if (_isDeleted)
                return;
            _stream.Dispose();
            if (_path is not null)
                File.Delete(_path);
            _isDeleted = true;
        }
    }

    /// <summary>
    /// Deletes the draft of a message that was saved, if that can be; otherwise it is found among the drafts later.
    /// </summary>
    public void DeleteSaved()
    {
        try
        {
            Delete();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Fault ??= exception;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _stream.Dispose();
        base.Dispose(disposing);
    }

    private ReadOnlySpan<byte> UnwrittenBytes => _unwritten.GetBuffer().AsSpan(0, (int)_unwritten.Length);

    private void TryWrite(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
            _written += bytes.Length;
        }
        catch (Exception exception) when (IsDiskFault(exception))
        {
            Fault = exception;
            Try(this, static draft => draft.TakeBackTornWrite());
        }
    }

    // What a flush has failed for counts as written to the system, and a second flush would say that all is well.
    private void RewriteAndFlush()
    {
        Try(this, static draft =>
        {
            var bytes = draft.ToArray().AsSpan(0, (int)draft._written);
            draft._stream.Position = 0;
            draft._stream.Write(bytes);
        });
        if (Fault is null)
            FlushToDisk();
    }

    // A write that failed may have left a part of its bytes behind.
    private void TakeBackTornWrite()
    {
        _stream.SetLength(_written);
        _stream.Position = _written;
    }

    private void Try<T>(T subject, Action<T> action)
    {
        try
        {
            action(subject);
        }
        catch (Exception exception) when (IsDiskFault(exception))
        {
            Fault ??= exception;
        }
    }

    // ArgumentOutOfRangeException is what the runtime makes of a file that is larger than its file system or the process's limit
    // takes, ExternalException of error codes that it has no exception for.
    private static bool IsDiskFault(Exception exception) => exception is
        IOException or UnauthorizedAccessException or ArgumentOutOfRangeException or ExternalException or ObjectDisposedException;
}
