using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Waveforms;

namespace VoiceKit.WebChat.Messages;

/// <summary>
/// Makes messages of recordings: their Opus packets are copied into Ogg, bit for bit. As many at a time as there are cores; the
/// others wait, with nothing of theirs in memory.
/// </summary>
internal sealed class MessageMaker(ChatFolder folder, ChatOptions options) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount));

    public void Dispose() => _turns.Dispose();

    /// <summary>Makes a message of an uploaded recording and passes it on; it is gone when that is done.</summary>
    /// <param name="file">The recording.</param>
    /// <param name="use">Takes the message and its bars.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ChatException">It is no recording, is broken or too long.</exception>
    public Task<T> MakeAsync<T>(
        ScratchFile file, Func<VoiceMessage, Waveform, Task<T>> use, CancellationToken cancellationToken) =>
        RunAsync(
            async () =>
            {
                using var ogg = folder.NewScratchFile();
                await Task.Run(() => Remux(file, ogg, cancellationToken), cancellationToken);
                var message = await VoiceMessage.OpenAsync(ogg.Path, cancellationToken);
                return await MeasureAndCleanAsync(message, use, cancellationToken);
            },
            cancellationToken);

    /// <summary>Makes the bars of a message and passes both on.</summary>
    public Task<T> MeasureAsync<T>(
        VoiceMessage message, Func<VoiceMessage, Waveform, Task<T>> use, CancellationToken cancellationToken) =>
        RunAsync(() => MeasureAndCleanAsync(message, use, cancellationToken), cancellationToken);

    /// <summary>Does some work when it is its turn.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _turns.Release();
        }
    }

    // Where it was recorded, by whom and with what picture is nobody's business but the recorder's.
    private async Task<T> MeasureAndCleanAsync<T>(
        VoiceMessage message, Func<VoiceMessage, Waveform, Task<T>> use, CancellationToken cancellationToken)
    {
        var bars = await message.GetWaveformAsync(LibOpusCodec.Default, cancellationToken: cancellationToken);
        if (message.Tags.Comments.Count == 0)
            return await use(message, bars);
        using var clean = folder.NewScratchFile();
        await using (var input = message.OpenRead())
        await using (var output = clean.Create())
            OggOpusTagEditor.Copy(input, output, _ => new OpusTags("VoiceKit"));
        return await use(await VoiceMessage.OpenAsync(clean.Path, cancellationToken), bars);
    }

    private void Remux(ScratchFile file, ScratchFile ogg, CancellationToken cancellationToken)
    {
        using var input = file.OpenRead();
        Check(input);
        using var output = ogg.Create();
        var report = OpusEditor.Remux(input, output, OpusContainer.Ogg, cancellationToken: cancellationToken);
        if (report.Defects.FirstOrDefault(IsDamage) is { Message: { } message, Offset: var offset })
            throw new ChatException(400, "The recording is damaged", $"{message} (at byte {offset})");
        if (report.Duration > options.MaxDuration)
            throw new ChatException(422, "The recording is too long",
                $"It is longer than {options.MaxDuration.TotalMinutes:0.##} minutes.");
    }

    private static void Check(FileStream input)
    {
        var start = new byte[OpusLook.Size];
        var count = input.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (count == 0)
            throw new ChatException(400, "There is no recording", "The upload is empty.");
        if (OpusContainers.Identify(start.AsSpan(0, count)) is null)
            throw new ChatException(415, "This is no recording", "The first bytes are not those of WebM, MP4, Ogg or CAF.");
        input.Position = 0;
    }

    // Clocks of browsers are not always right, and theirs who pause stand still: what times and ends say is not damage.
    private static bool IsDamage(OpusDefect defect) => defect.Kind is not
        (OpusDefectKind.BadTimestamp or OpusDefectKind.BadTags or OpusDefectKind.MissingEnd or OpusDefectKind.BadFirstGranule);
}
