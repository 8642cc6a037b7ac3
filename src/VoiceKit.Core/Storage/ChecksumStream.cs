using VoiceKit.IO;

namespace VoiceKit.Storage;

/// <summary>Counts what is written and sums it up, and passes it on to where there is somewhere.</summary>
internal sealed class ChecksumStream(Stream? target) : Stream
{
    private long _length;

    public uint Checksum { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        target?.Write(buffer);
        _length += buffer.Length;
        Checksum = Crc32.Append(Checksum, buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
