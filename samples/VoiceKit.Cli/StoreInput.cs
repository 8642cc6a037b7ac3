using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Opus;

namespace VoiceKit.Cli;

/// <summary>A message on its way into a store: what is damaged is added repaired, or refused.</summary>
internal static class StoreInput
{
    /// <summary>Loads a message; where it was repaired, a warning says so.</summary>
    /// <param name="path">The message; - for stdin.</param>
    /// <param name="refusesDamaged">Whether what is damaged is refused.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<VoiceMessage> LoadAsync(string path, bool refusesDamaged, CancellationToken cancellationToken)
    {
        var bytes = await ReadAsync(path, cancellationToken);
        var (message, fault) = Open(bytes);
        if (fault is null)
            return message!;
        if (refusesDamaged)
        {
            throw InputException.From(
                Input.NameOf(path), new VoiceFormatException($"It is damaged: {fault.Message}", fault.Offset));
        }

        return Repair(path, bytes, fault, cancellationToken);
    }

    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = Input.Open(path);
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int count; (count = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (bytes.Length + count > VoiceMessage.DefaultMaxSize)
                throw new InputException($"{Input.NameOf(path)}: it is larger than {VoiceMessage.DefaultMaxSize} bytes");
            bytes.Write(buffer, 0, count);
        }

        return bytes.ToArray();
    }

    private static (VoiceMessage? Message, VoiceFormatException? Fault) Open(byte[] bytes)
    {
        try
        {
            var message = VoiceMessage.FromBytes(bytes);
            var defects = message.Info.Defects;
            return (message, defects.Count == 0 ? null : new VoiceFormatException(defects[0].Message, defects[0].Offset));
        }
        catch (VoiceFormatException exception)
        {
            return (null, exception);
        }
    }

    private static VoiceMessage Repair(string path, byte[] bytes, VoiceFormatException fault, CancellationToken cancellationToken)
    {
        // Another container is not damaged.
        if (OpusContainers.Identify(bytes.AsSpan(0, Math.Min(12, bytes.Length))) is not (null or OpusContainer.Ogg))
            throw InputException.From(Input.NameOf(path), fault);
        using var repaired = new MemoryStream();
        try
        {
            OpusEditor.Repair(new MemoryStream(bytes), repaired, null, cancellationToken);
        }
        catch (VoiceFormatException)
        {
            throw InputException.From(Input.NameOf(path), fault); // There is nothing in it: what was found first says most.
        }

        ExitCodes.Warn($"{Input.NameOf(path)}: it is damaged, and is added repaired: {fault.Message} (at byte {fault.Offset})");
        return VoiceMessage.FromBytes(repaired.ToArray());
    }
}
