using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Opus;
using VoiceKit.WebChat.Rooms;

namespace VoiceKit.WebChat.Messages;

/// <summary>Copies of messages in other containers, made for browsers that do not play Ogg and gone when they are sent.</summary>
internal sealed class Conversions(ChatFolder folder, ChatOptions options, MessageMaker maker)
{
    private int _taken;

    /// <summary>Takes a place for a copy.</summary>
    /// <returns>To be disposed when it is sent.</returns>
    /// <exception cref="ChatException">There are too many.</exception>
    public IDisposable Begin() => Place.Take(ref _taken, options.MaxConversions, () => Interlocked.Decrement(ref _taken))
        ?? throw new ChatException(503, "Too many players", "The server converts too many messages now. Wait a moment.");

    /// <summary>Makes a copy when it is its turn. Its file has no name any more: it is gone when it is closed.</summary>
    /// <exception cref="ChatException">The message does not fit the container.</exception>
    public Task<Stream> ConvertAsync(Stream message, OpusContainer container, CancellationToken cancellationToken) =>
        maker.RunAsync(
            () => Task.Run<Stream>(() => Convert(message, container, cancellationToken), cancellationToken),
            cancellationToken);

    private FileStream Convert(Stream message, OpusContainer container, CancellationToken cancellationToken)
    {
        using var scratch = folder.NewScratchFile();
        var stream = scratch.Create();
        try
        {
            OpusEditor.Remux(message, stream, container, cancellationToken: cancellationToken);
            stream.Position = 0;
            return stream;
        }
        catch (VoiceFormatException exception)
        {
            stream.Dispose();
            throw new ChatException(406, "There is no such format", exception.Message);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }
}
