namespace VoiceKit.Tests.Support;

/// <summary>Bytes in memory that can be read only so often more, or are slow enough to be cancelled there.</summary>
internal sealed class UnsteadyStream(byte[] bytes) : MemoryStream(bytes)
{
    /// <summary>How many reads still succeed.</summary>
    public int ReadsLeft { get; set; } = int.MaxValue;

    /// <summary>How many reads there were.</summary>
    public int ReadCount { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        ReadCount++;
        return ReadsLeft-- > 0 ? base.Read(buffer) : throw new IOException("The cable is out.");
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ReadsLeft > 0 ? ValueTask.FromResult(Read(buffer.Span)) : ValueTask.FromException<int>(new OperationCanceledException());
}
