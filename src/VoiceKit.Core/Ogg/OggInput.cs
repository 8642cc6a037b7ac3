using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>A stream as the input of one file, which begins where the stream stands now.</summary>
/// <param name="stream">The stream.</param>
/// <param name="growth">Tells how to wait for more; null for an input that ends where the stream does.</param>
internal sealed class OggInput(Stream stream, OpusReaderOptions? growth = null)
{
    private readonly long _start = stream.CanSeek ? stream.Position : 0;

    public bool CanSeek => stream.CanSeek;

    /// <summary>The length of the input, in bytes; only where it can seek.</summary>
    public long Length => Math.Max(0, stream.Length - _start);

    /// <summary>The offset at which is read next; only where it can seek.</summary>
    public long Position => stream.Position - _start;

    /// <summary>Goes to an offset of the input.</summary>
    public void Seek(long offset) => stream.Position = _start + offset;

    /// <summary>Reads on; with <paramref name="isAsync"/> false it is done on return.</summary>
    public async ValueTask<int> Read(Memory<byte> buffer, bool isAsync, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Asked before the read: what was written just before the growth ended is still read.
            var isGrowing = growth?.IsGrowing?.Invoke() ?? false;
            var count = isAsync
                ? await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)
                : stream.Read(buffer.Span);
            if (count > 0 || !isGrowing)
                return count;
            await Wait(isAsync, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task Wait(bool isAsync, CancellationToken cancellationToken)
    {
        var delay = Task.Delay(growth!.PollInterval, growth.Clock, cancellationToken);
        if (!isAsync)
            delay.GetAwaiter().GetResult();
        return delay;
    }
}
