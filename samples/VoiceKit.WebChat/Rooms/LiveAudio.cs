using VoiceKit.Containers;
using VoiceKit.Opus;

namespace VoiceKit.WebChat.Rooms;

/// <summary>
/// Lets somebody listen to a recording from its start while it grows. Nothing of the upload is passed on but its Opus packets,
/// in a WebM stream that is made here: no title, no place, no name.
/// </summary>
internal static class LiveAudio
{
    /// <summary>Sends what there is, and what comes, until the recording ends.</summary>
    /// <exception cref="VoiceFormatException">It is no Opus.</exception>
    /// <exception cref="ChatException">It is not WebM, or was dropped.</exception>
    /// <exception cref="FileNotFoundException">It is gone.</exception>
    /// <exception cref="OperationCanceledException">Nobody listens any more.</exception>
    public static async Task SendAsync(LiveRecording recording, HttpResponse response, CancellationToken cancellationToken)
    {
        await using var input = new GrowingStream(recording);
        await WaitForStartAsync(recording, cancellationToken);
        await using var webM = await OpusContainers.OpenAsync(input, leaveOpen: true, cancellationToken: cancellationToken);
        response.ContentType = "audio/webm; codecs=opus";
        await using var writer = OpusContainers.CreateWriter(
            response.Body, OpusContainer.WebM, webM.Head, new OpusTags("VoiceKit"), leaveOpen: true);

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

    // What is not WebM cannot be read without its end: nothing of it is kept in memory until then.
    private static async Task WaitForStartAsync(LiveRecording recording, CancellationToken cancellationToken)
    {
        for (var changed = recording.Changed; recording.CanBeHeard != true; changed = recording.Changed)
        {
            if (recording.CanBeHeard == false)
                throw new ChatException(406, "This cannot be heard yet",
                    "Only recordings in WebM can be heard before their end.");
            if (recording.IsEnded)
                throw new ChatException(410, "The recording is gone", "It has ended without a sound.");
            await changed.WaitAsync(cancellationToken);
        }
    }
}
