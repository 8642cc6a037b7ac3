using VoiceKit.Containers;
using VoiceKit.WebM;

namespace VoiceKit.WebChat.Rooms;

/// <summary>
/// Lets somebody listen to a recording from its start while it grows. Nothing of the upload is passed on but its Opus packets,
/// in a WebM stream that is made here.
/// </summary>
internal static class LiveAudio
{
    /// <summary>Sends what there is, and what comes, until the recording ends.</summary>
    /// <exception cref="VoiceFormatException">It is no Opus.</exception>
    /// <exception cref="OperationCanceledException">The recording was dropped, or nobody listens any more.</exception>
    public static async Task SendAsync(LiveRecording recording, HttpResponse response, CancellationToken cancellationToken)
    {
        await using var input = new GrowingStream(recording);
        using var reader = await OpusContainers.OpenAsync(input, leaveOpen: true, cancellationToken: cancellationToken);
        response.ContentType = "audio/webm; codecs=opus";
        await using var writer = new WebMOpusWriter(response.Body, reader.Head, reader.Tags, leaveOpen: true);
        if (reader is not WebMOpusReader webM)
            throw new ChatException(406, "This cannot be heard yet", "Only recordings in WebM can be heard before their end.");

        var trim = 0;
        while (true)
        {
            // What has come is passed on before more is waited for.
            var next = webM.ReadAsync(cancellationToken);
            if (!next.IsCompleted && writer.Duration > 0)
                await writer.FlushAsync(cancellationToken);
            if (!await next)
                break;
            await writer.WritePacketAsync(webM.Packet.ToArray(), cancellationToken);
            trim = webM.PacketInfo.TrimEnd;
        }

        if (writer.Duration > 0)
            await writer.FinishAsync(trim, cancellationToken);
    }
}
