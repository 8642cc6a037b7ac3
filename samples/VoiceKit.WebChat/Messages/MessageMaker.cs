using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Waveforms;
using VoiceKit.WebChat.Limits;

namespace VoiceKit.WebChat.Messages;

/// <summary>
/// Makes messages of recordings: their Opus packets are copied into Ogg, bit for bit. As many at a time as there are cores,
/// address by address; the others wait, with nothing of theirs in memory. Long messages have turns of their own, on half of the
/// cores and in the background: short ones do not wait for them.
/// </summary>
internal sealed class MessageMaker(ChatFolder folder, ChatOptions options, BackgroundScheduler background)
{
    private const int Bars = 64;
    private const long LargeBytes = 1 << 20;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    private readonly FairTurns _shortTurns = new(Environment.ProcessorCount, Environment.ProcessorCount);
    private readonly FairTurns _longTurns = new(Math.Max(1, Environment.ProcessorCount / 2), Environment.ProcessorCount);

    /// <summary>The tags of what is given to others.</summary>
    public static OpusTags NoTags { get; } = new("VoiceKit");

    /// <summary>Whether it takes long to copy so many bytes.</summary>
    public static bool IsLarge(long size) => size > LargeBytes;

    /// <summary>Makes a message of an uploaded recording and passes it on; it is gone when that is done.</summary>
    /// <param name="address">Who has sent it.</param>
    /// <param name="file">The recording.</param>
    /// <param name="use">Takes the message and its bars.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ChatException">It is no recording, is broken or too long.</exception>
    public async Task<T> MakeAsync<T>(
        string address, ScratchFile file, Func<VoiceMessage, Waveform, Task<T>> use, CancellationToken cancellationToken)
    {
        using var ogg = folder.NewScratchFile();
        await RunAsync(
            address,
            IsLarge(new FileInfo(file.Path).Length),
            () => Remux(file, ogg, cancellationToken),
            cancellationToken);
        var message = await VoiceMessage.OpenAsync(ogg.Path, cancellationToken);
        return await MeasureAsync(address, message, use, cancellationToken);
    }

    /// <summary>
    /// Makes the bars of a message and passes both on, without its tags: where it was recorded, by whom and with what picture is
    /// nobody's business but the recorder's.
    /// </summary>
    public async Task<T> MeasureAsync<T>(
        string address, VoiceMessage message, Func<VoiceMessage, Waveform, Task<T>> use, CancellationToken cancellationToken)
    {
        using var clean = folder.NewScratchFile();
        var bars = await RunAsync(
            address, message.Duration > Long, () => MeasureAndClean(message, clean, cancellationToken), cancellationToken);
        return await use(await VoiceMessage.OpenAsync(clean.Path, cancellationToken), bars);
    }

    /// <summary>Does some work when it is its turn.</summary>
    /// <param name="address">Who wants it.</param>
    /// <param name="isLong">Whether it takes more than moments.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<T> RunAsync<T>(string address, bool isLong, Func<T> work, CancellationToken cancellationToken)
    {
        var (turns, scheduler) = isLong ? (_longTurns, background) : (_shortTurns, TaskScheduler.Default);
        return turns.RunAsync(
            address,
            () => Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.DenyChildAttach, scheduler),
            cancellationToken);
    }

    private static Waveform MeasureAndClean(VoiceMessage message, ScratchFile clean, CancellationToken cancellationToken)
    {
        using var input = message.OpenRead();
        var bars = Waveform.FromOpus(input, Bars, cancellationToken: cancellationToken);
        input.Position = 0;
        using var output = clean.Create();
        OggOpusTagEditor.Copy(input, output, _ => NoTags);
        return bars;
    }

    private bool Remux(ScratchFile file, ScratchFile ogg, CancellationToken cancellationToken)
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
        return true;
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
