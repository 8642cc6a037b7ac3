namespace VoiceKit.WebChat.Rooms;

/// <summary>Reads a recording while it grows: its end is there when no more bytes come.</summary>
internal sealed class GrowingStream(LiveRecording recording) : Stream
{
    private readonly FileStream _file = recording.File.OpenRead();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _file.Position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var changed = recording.Changed;
            var isEnded = recording.IsEnded;
            var left = recording.Length - _file.Position;
            if (recording.IsDropped)
                throw new ChatException(410, "The recording is gone", "It was dropped.");
            if (left > 0)
                return await _file.ReadAsync(buffer[..(int)Math.Min(left, buffer.Length)], cancellationToken);
            if (isEnded)
                return 0;
            await changed.WaitAsync(cancellationToken);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("It waits, so it is asynchronous.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }
}
