namespace VoiceKit.Storage;

/// <summary>Copies no more than was agreed on, whatever the source says of its length.</summary>
internal static class BoundedCopy
{
    private const int BufferSize = 32 * 1024;

    /// <exception cref="InvalidDataException">The source has more bytes than the limit.</exception>
    public static void Run(Stream source, MemoryStream target, long limit)
    {
        var buffer = new byte[BufferSize];
        int count;
        while ((count = source.Read(buffer)) > 0)
            Add(target, buffer.AsSpan(0, count), limit);
    }

    /// <exception cref="InvalidDataException">The source has more bytes than the limit.</exception>
    public static async Task RunAsync(Stream source, MemoryStream target, long limit, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        int count;
        while ((count = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            Add(target, buffer.AsSpan(0, count), limit);
    }

    private static void Add(MemoryStream target, ReadOnlySpan<byte> bytes, long limit)
    {
        if (bytes.Length > limit - target.Length)
            throw new InvalidDataException($"There are more than {limit} bytes.");
        target.Write(bytes);
    }
}
