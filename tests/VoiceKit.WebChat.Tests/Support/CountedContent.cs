using System.Net;

namespace VoiceKit.WebChat.Tests.Support;

/// <summary>A body of zeros that counts what was sent of it.</summary>
internal sealed class CountedContent(long size) : HttpContent
{
    private long _sent;

    /// <summary>How many bytes the other side's system has taken.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    protected override bool TryComputeLength(out long length)
    {
        length = size;
        return true;
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var bytes = new byte[64 * 1024];
        for (var left = size; left > 0;)
        {
            var count = (int)Math.Min(left, bytes.Length);
            await stream.WriteAsync(bytes.AsMemory(0, count));
            left -= count;
            Interlocked.Add(ref _sent, count);
        }
    }
}
