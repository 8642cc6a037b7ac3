using VoiceKit.Containers;
using VoiceKit.Opus;

namespace VoiceKit.Editing;

// The same edits, for streams that are only read and written asynchronously.
public static partial class OpusEditor
{
    /// <summary>Cuts a stretch out, as <see cref="Trim"/> does. Never blocks on the streams.</summary>
    /// <inheritdoc cref="Trim"/>
    public static async Task<OpusCopyReport> TrimAsync(
        Stream input,
        Stream output,
        TimeSpan from,
        TimeSpan? to = null,
        OpusWriterOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var clip = ClipOf(from, to);
        var reader = await OpenAsync(input, null, cancellationToken).ConfigureAwait(false);
        await using var _ = reader.ConfigureAwait(false);
        if (reader.CanSeek)
            await reader.SeekAsync(OpusRates.ToSamples(from), OpusPreRoll.Cut, cancellationToken).ConfigureAwait(false);
        var queue = new PacketWriteQueue();
        using var copier = NewCopier(output, options, dropsUnheard: true, queue: queue);
        await CopyAsync(reader, copier, queue, clip, cancellationToken).ConfigureAwait(false);
        return ReportStretch(reader, copier, from);
    }

    /// <summary>Cuts a message in two, as <see cref="Split"/> does. Never blocks on the streams.</summary>
    /// <inheritdoc cref="Split"/>
    public static async Task<IReadOnlyList<OpusCopyReport>> SplitAsync(
        Stream input,
        TimeSpan at,
        Stream first,
        Stream second,
        OpusWriterOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        CheckSplit(input, at);
        var start = input.Position;
        var one = await TrimAsync(input, first, TimeSpan.Zero, at, options, cancellationToken).ConfigureAwait(false);
        input.Position = start;
        return [one, await TrimAsync(input, second, at, null, options, cancellationToken).ConfigureAwait(false)];
    }

    /// <summary>Puts messages one behind the other, as <see cref="Join"/> does. Never blocks on the streams.</summary>
    /// <inheritdoc cref="Join"/>
    public static async Task<OpusCopyReport> JoinAsync(
        IEnumerable<Stream> inputs, Stream output, OpusWriterOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var queue = new PacketWriteQueue();
        using var copier = NewCopier(output, options, queue: queue);
        var defects = new List<OpusDefect>();
        long defectCount = 0;
        OpusContainer? source = null;
        foreach (var input in inputs)
        {
            var reader = await OpenAsync(input, null, cancellationToken).ConfigureAwait(false);
            await using var _ = reader.ConfigureAwait(false);
            source ??= reader.Container;
            await CopyAsync(reader, copier, queue, null, cancellationToken).ConfigureAwait(false);
            defects.AddRange(reader.Defects);
            defectCount += reader.DefectCount;
        }

        if (source is not { } kind)
            throw new ArgumentException("There is nothing to join.", nameof(inputs));
        return Report(kind, copier, defects, defectCount);
    }

    /// <summary>Writes all audio that can be read as a conforming file, as <see cref="Repair"/> does. Never blocks on the streams.</summary>
    /// <inheritdoc cref="Repair"/>
    public static Task<OpusCopyReport> RepairAsync(
        Stream input, Stream output, OpusWriterOptions? options = null, CancellationToken cancellationToken = default) =>
        EditAsync(
            input, queue => NewCopier(output, options, queue: queue), new OpusReaderOptions { Salvages = true }, cancellationToken);

    /// <summary>Puts a message into another container, as <see cref="Remux"/> does. Never blocks on the streams.</summary>
    /// <inheritdoc cref="Remux"/>
    public static Task<OpusCopyReport> RemuxAsync(
        Stream input,
        Stream output,
        OpusContainer container,
        OpusWriterOptions? options = null,
        CancellationToken cancellationToken = default) =>
        EditAsync(input, queue => NewCopier(output, container, options, queue), null, cancellationToken);

    /// <summary>Writes a message with packets of another duration, as <see cref="Regroup"/> does. Never blocks on the streams.</summary>
    /// <inheritdoc cref="Regroup"/>
    public static Task<OpusCopyReport> RegroupAsync(
        Stream input,
        Stream output,
        TimeSpan duration,
        bool forceCode3 = false,
        OpusWriterOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        _ = new OpusPacketRegrouper(duration, forceCode3); // Refuses the duration before anything is read.
        return EditAsync(
            input, queue => NewCopier(output, options, wrap: RegroupTo(duration, forceCode3), queue: queue), null, cancellationToken);
    }

    /// <summary>Makes a message louder or softer, as <see cref="Amplify"/> does. Never blocks on the streams.</summary>
    /// <inheritdoc cref="Amplify"/>
    public static Task<OpusCopyReport> AmplifyAsync(
        Stream input,
        Stream output,
        double decibels,
        OpusWriterOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        CheckGain(decibels);
        return EditAsync(
            input, queue => NewCopier(output, options, change: GainBy(decibels), queue: queue), null, cancellationToken);
    }

    private static async Task<OpusCopyReport> EditAsync(
        Stream input,
        Func<PacketWriteQueue, OpusPacketCopier> create,
        OpusReaderOptions? options,
        CancellationToken cancellationToken)
    {
        var reader = await OpenAsync(input, options, cancellationToken).ConfigureAwait(false);
        await using var _ = reader.ConfigureAwait(false);
        var queue = new PacketWriteQueue();
        using var copier = create(queue);
        await CopyAsync(reader, copier, queue, null, cancellationToken).ConfigureAwait(false);
        return Report(reader, copier);
    }

    private static Task<IOpusPacketReader> OpenAsync(Stream input, OpusReaderOptions? options, CancellationToken cancellationToken) =>
        OpusContainers.OpenAsync(input, options, leaveOpen: true, cancellationToken);

    // As Copy, but what each packet gives is written before the next is read.
    private static async Task CopyAsync(
        IOpusPacketReader reader,
        OpusPacketCopier copier,
        PacketWriteQueue queue,
        OpusPacketClip? clip,
        CancellationToken cancellationToken)
    {
        var link = -1;
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (clip is { } stretch && stretch.IsBehind(reader.PacketInfo))
                break;
            if (reader.Link != link)
            {
                link = reader.Link;
                copier.Begin(reader.Head, reader.Tags);
            }

            CopyPacket(reader, copier, clip);
            await queue.DrainAsync(cancellationToken).ConfigureAwait(false);
        }

        copier.End();
        await queue.DrainAsync(cancellationToken).ConfigureAwait(false);
    }
}
