namespace VoiceKit.Storage;

/// <summary>Copies no more than was agreed on, whatever the source says of its length.</summary>
internal static class BoundedCopy
{
    /// <exception cref="InvalidDataException">There is more.</exception>
    public static void Run(Stream source, Stream target, long limit)
    {
        var buffer = new byte[32 * 1024];
        var left = limit;
        int count;
        while ((count = source.Read(buffer)) > 0)
        {
            if (count > left)
                throw new InvalidDataException($"There are more than {limit} bytes.");
            left -= count;
            target.Write(buffer.AsSpan(0, count));
        }
    }
}
