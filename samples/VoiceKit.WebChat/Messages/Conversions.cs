using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.WebChat.Http;
using VoiceKit.WebChat.Limits;

namespace VoiceKit.WebChat.Messages;

/// <summary>
/// Copies of messages for others, which tell no more than the sound: downloads, and what browsers get that do not play Ogg. They
/// are gone when they are sent.
/// </summary>
internal sealed class Conversions(ChatFolder folder, ChatOptions options, MessageMaker maker, DiskSpace disk)
{
    private readonly FairPlaces _places = new(options.MaxConversions, options.MaxConversionsOfAddress);

    /// <summary>
    /// Makes a copy when it is its turn. Its place is free again when the answer is sent, or broken off for another address.
    /// </summary>
    /// <param name="context">The request. What it is answered with has no name any more: it is gone when it is closed.</param>
    /// <param name="message">The message.</param>
    /// <param name="container">The container of the copy.</param>
    /// <exception cref="ChatException">There are too many, or the message does not fit the container.</exception>
    public Task<Stream> ConvertAsync(HttpContext context, FileStream message, OpusContainer container)
    {
        var address = RateLimits.AddressOf(context);
        context.Response.RegisterForDispose(_places.Take(address, context.Abort, "players"));
        var share = disk.Share(address);
        context.Response.RegisterForDispose(share);
        share.Add(message.Length);
        var end = context.RequestAborted;
        return maker.RunAsync<Stream>(
            address, MessageMaker.IsLarge(message.Length), () => Convert(message, container, end), end);
    }

    private FileStream Convert(Stream message, OpusContainer container, CancellationToken cancellationToken)
    {
        var bare = CreateUnnamed();
        try
        {
            OggOpusTagEditor.Copy(message, bare, _ => MessageMaker.NoTags);
            bare.Position = 0;
            if (container == OpusContainer.Ogg)
                return bare;
            using (bare)
                return Remux(bare, container, cancellationToken);
        }
        catch
        {
            bare.Dispose();
            throw;
        }
    }

    private FileStream Remux(FileStream bare, OpusContainer container, CancellationToken cancellationToken)
    {
        var copy = CreateUnnamed();
        try
        {
            OpusEditor.Remux(bare, copy, container, cancellationToken: cancellationToken);
            copy.Position = 0;
            return copy;
        }
        catch (VoiceFormatException exception)
        {
            copy.Dispose();
            throw new ChatException(406, "There is no such format", exception.Message);
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    private FileStream CreateUnnamed()
    {
        using var scratch = folder.NewScratchFile();
        return scratch.Create();
    }
}
