using VoiceKit.Caf;
using VoiceKit.Containers;
using VoiceKit.IO;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Editing;

// What the edits have in common: readers are copied to writers, packet by packet.
public static partial class OpusEditor
{
    private static readonly OpusReaderOptions Salvaging = new() { Salvages = true };

    private static Func<OpusHead, IOpusPacketWriter, IOpusPacketWriter> RegroupTo(TimeSpan duration, bool forceCode3)
    {
        return Wrap;

        IOpusPacketWriter Wrap(OpusHead head, IOpusPacketWriter writer) => head.StreamCount == 1
            ? new OpusRegroupingWriter(writer, new OpusPacketRegrouper(duration, forceCode3))
            : throw new VoiceFormatException($"Packets of {head.StreamCount} streams are not regrouped.");
    }

    private static Func<OpusHead, OpusTags, (OpusHead Head, OpusTags Tags)> GainBy(double decibels)
    {
        return Change;

        (OpusHead Head, OpusTags Tags) Change(OpusHead head, OpusTags tags)
        {
            var gain = (short)Math.Clamp(Math.Round(head.OutputGain + 256 * decibels), short.MinValue, short.MaxValue);
            var change = gain - head.OutputGain;
            if (change == 0)
                return (head, tags);
            var track = Counter(tags.TrackGain, change);
            var album = Counter(tags.AlbumGain, change);
            return (head.WithGain(gain), tags.WithTrackGain(track).WithAlbumGain(album));
        }
    }

    private static short? Counter(short? gain, int change) =>
        gain - change is { } value and >= short.MinValue and <= short.MaxValue ? (short)value : null;

    private static IOpusPacketWriter CreateSingle(
        Stream output, OpusContainer container, int links, OpusHead head, OpusTags tags, int cafRate)
    {
        if (links > 0)
        {
            throw new VoiceFormatException(
                $"This is a chained file: its links cannot be one stream, which is all that {container} has.");
        }

        if (container == OpusContainer.Caf)
        {
            CheckFitsCaf(head);
            return new CafOpusWriter(output, head, tags, leaveOpen: true, cafRate);
        }

        return OpusContainers.CreateWriter(output, container, head, tags, leaveOpen: true);
    }

    private static void CheckFitsCaf(OpusHead head)
    {
        if (head.OutputGain != 0)
            throw new VoiceFormatException($"CAF has no place for the output gain of {head.OutputGainDecibels:0.##} dB.");
        if (head.Channels > 2)
            throw new VoiceFormatException($"CAF holds Opus in mono and stereo, not in {head.Channels} channels.");
        if (head.StreamCount != 1)
            throw new VoiceFormatException($"CAF holds one Opus stream, not {head.StreamCount} streams.");
    }

    private static OpusPacketClip ClipOf(TimeSpan from, TimeSpan? to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, TimeSpan.Zero);
        if (to is { } end)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(end, from, nameof(to));
        return new OpusPacketClip(
            OpusRates.ToSamples(from), to is { } limit ? OpusRates.ToSamples(limit) : long.MaxValue, OpusPreRoll.Cut);
    }

    private static void CheckSplit(Stream input, TimeSpan at)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(at, TimeSpan.Zero);
        if (!input.CanSeek)
            throw new NotSupportedException("The stream cannot seek.");
    }

    private static void CheckGain(double decibels)
    {
        if (!double.IsFinite(decibels))
            throw new ArgumentOutOfRangeException(nameof(decibels), decibels, "The gain is not a finite number.");
    }

    private static void CheckCafRate(int sampleRate)
    {
        if (!OpusRates.IsSupported(sampleRate))
        {
            throw new ArgumentOutOfRangeException(
                nameof(sampleRate), sampleRate, "Opus has 8000, 12000, 16000, 24000 or 48000 Hz.");
        }
    }

    private static OpusPacketCopier NewCopier(
        Stream output, OpusContainer container, OpusWriterOptions? options, PacketWriteQueue? queue = null) =>
        container == OpusContainer.Ogg
            ? NewCopier(output, options, queue: queue)
            : NewSingleCopier(output, container, OpusRates.Full, queue);

    private static OpusPacketCopier NewCafCopier(Stream output, int sampleRate, PacketWriteQueue? queue = null) =>
        NewSingleCopier(output, OpusContainer.Caf, sampleRate, queue);

    private static OpusPacketCopier NewSingleCopier(
        Stream output, OpusContainer container, int cafRate, PacketWriteQueue? queue)
    {
        return new OpusPacketCopier(Create);

        IOpusPacketWriter Create(OpusHead head, OpusTags tags, int links)
        {
            var writer = CreateSingle(output, container, links, head, tags, cafRate);
            return queue?.Wrap(writer, head.StreamCount) ?? writer;
        }
    }

    private static OpusPacketCopier NewCopier(
        Stream output,
        OpusWriterOptions? options,
        bool dropsUnheard = false,
        Func<OpusHead, IOpusPacketWriter, IOpusPacketWriter>? wrap = null,
        Func<OpusHead, OpusTags, (OpusHead Head, OpusTags Tags)>? change = null,
        PacketWriteQueue? queue = null)
    {
        var optionsOf = OptionsOfLinks(options);
        return new OpusPacketCopier(Create) { DropsUnheard = dropsUnheard, BreaksAtTrims = true };

        IOpusPacketWriter Create(OpusHead head, OpusTags tags, int links)
        {
            if (change is not null)
                (head, tags) = change(head, tags);
            IOpusPacketWriter writer = new OggOpusWriter(output, head, tags, optionsOf(links), leaveOpen: true);
            writer = queue?.Wrap(writer, head.StreamCount) ?? writer;
            return wrap is null ? writer : wrap(head, writer);
        }
    }

    // The links of one file have serial numbers of their own (RFC 3533 §4).
    private static Func<int, OpusWriterOptions> OptionsOfLinks(OpusWriterOptions? options)
    {
        var pageDuration = (options ?? new OpusWriterOptions()).MaxPageDuration;
        var serial = options?.Serial ?? Random.Shared.Next(int.MinValue, int.MaxValue);
        return link => new OpusWriterOptions { Serial = unchecked(serial + link), MaxPageDuration = pageDuration };
    }

    private static async ValueTask<OpusCopyReport> TrimCore(
        Stream input,
        Stream output,
        TimeSpan from,
        TimeSpan? to,
        OpusWriterOptions? options,
        bool isAsync,
        CancellationToken cancellationToken)
    {
        var clip = ClipOf(from, to);
        using var reader = await Open(input, null, isAsync, cancellationToken).ConfigureAwait(false);
        if (reader.CanSeek)
            await Seek(reader, OpusRates.ToSamples(from), isAsync, cancellationToken).ConfigureAwait(false);
        var queue = QueueFor(isAsync);
        using var copier = NewCopier(output, options, dropsUnheard: true, queue: queue);
        await Copy(reader, copier, queue, clip, cancellationToken).ConfigureAwait(false);
        return copier.Samples > 0
            ? Report(reader, copier)
            : throw new ArgumentOutOfRangeException(nameof(from), from, "The message has nothing there.");
    }

    private static async ValueTask<IReadOnlyList<OpusCopyReport>> SplitCore(
        Stream input,
        TimeSpan at,
        Stream first,
        Stream second,
        OpusWriterOptions? options,
        bool isAsync,
        CancellationToken cancellationToken)
    {
        CheckSplit(input, at);
        var start = input.Position;
        var one = await TrimCore(input, first, TimeSpan.Zero, at, options, isAsync, cancellationToken).ConfigureAwait(false);
        input.Position = start;
        return [one, await TrimCore(input, second, at, null, options, isAsync, cancellationToken).ConfigureAwait(false)];
    }

    private static async ValueTask<OpusCopyReport> JoinCore(
        IEnumerable<Stream> inputs, Stream output, OpusWriterOptions? options, bool isAsync, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var queue = QueueFor(isAsync);
        using var copier = NewCopier(output, options, queue: queue);
        var sources = new JoinSources();
        foreach (var input in inputs)
        {
            using var reader = await Open(input, null, isAsync, cancellationToken).ConfigureAwait(false);
            await Copy(reader, copier, queue, null, cancellationToken).ConfigureAwait(false);
            sources.Add(reader);
        }

        return Report(sources.First(nameof(inputs)), copier, sources.Defects, sources.DefectCount);
    }

    private static OpusCopyReport Edit(
        Stream input,
        Func<PacketWriteQueue?, OpusPacketCopier> create,
        OpusReaderOptions? options,
        CancellationToken cancellationToken) =>
        SyncCompletion.Complete(EditCore(input, create, options, isAsync: false, cancellationToken));

    private static Task<OpusCopyReport> EditAsync(
        Stream input,
        Func<PacketWriteQueue?, OpusPacketCopier> create,
        OpusReaderOptions? options,
        CancellationToken cancellationToken) =>
        EditCore(input, create, options, isAsync: true, cancellationToken).AsTask();

    private static async ValueTask<OpusCopyReport> EditCore(
        Stream input,
        Func<PacketWriteQueue?, OpusPacketCopier> create,
        OpusReaderOptions? options,
        bool isAsync,
        CancellationToken cancellationToken)
    {
        using var reader = await Open(input, options, isAsync, cancellationToken).ConfigureAwait(false);
        var queue = QueueFor(isAsync);
        using var copier = create(queue);
        await Copy(reader, copier, queue, null, cancellationToken).ConfigureAwait(false);
        return Report(reader, copier);
    }

    private static async ValueTask<IOpusPacketReader> Open(
        Stream input, OpusReaderOptions? options, bool isAsync, CancellationToken cancellationToken) => isAsync
        ? await OpusContainers.OpenAsync(input, options, leaveOpen: true, cancellationToken).ConfigureAwait(false)
        : OpusContainers.Open(input, options, leaveOpen: true);

    private static ValueTask Seek(IOpusPacketReader reader, long position, bool isAsync, CancellationToken cancellationToken)
    {
        if (isAsync)
            return reader.SeekAsync(position, OpusPreRoll.Cut, cancellationToken);
        reader.Seek(position, OpusPreRoll.Cut);
        return ValueTask.CompletedTask;
    }

    // Writers that must not block have what they are given queued.
    private static PacketWriteQueue? QueueFor(bool isAsync) => isAsync ? new PacketWriteQueue() : null;

    /// <summary>Copies what a reader has left, or a stretch of it; the copier is told of each link and of the end.</summary>
    internal static void Copy(
        IOpusPacketReader reader, OpusPacketCopier copier, OpusPacketClip? clip, CancellationToken cancellationToken) =>
        SyncCompletion.Complete(Copy(reader, copier, null, clip, cancellationToken));

    // With a queue nothing blocks, and what each packet gives is written before the next is read.
    private static async ValueTask Copy(
        IOpusPacketReader reader,
        OpusPacketCopier copier,
        PacketWriteQueue? queue,
        OpusPacketClip? clip,
        CancellationToken cancellationToken)
    {
        var link = -1;
        while (queue is null ? reader.Read() : await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (clip is { } stretch && stretch.IsBehind(reader.PacketInfo))
                break;
            if (reader.Link != link)
            {
                link = reader.Link;
                copier.Begin(reader.Head, reader.Tags);
            }

            CopyPacket(reader, copier, clip);
            if (queue is not null)
                await queue.DrainAsync(cancellationToken).ConfigureAwait(false);
        }

        copier.End();
        if (queue is not null)
            await queue.DrainAsync(cancellationToken).ConfigureAwait(false);
    }

    private static void CopyPacket(IOpusPacketReader reader, OpusPacketCopier copier, OpusPacketClip? clip)
    {
        var info = reader.PacketInfo;
        if (clip is not { } cut || cut.TryCut(ref info))
            copier.Add(reader.Packet, info);
    }

    private static OpusCopyReport Report(IOpusPacketReader reader, OpusPacketCopier copier) =>
        Report(reader.Container, copier, reader.Defects, reader.DefectCount);

    private static OpusCopyReport Report(
        OpusContainer source, OpusPacketCopier copier, IReadOnlyList<OpusDefect> defects, long defectCount) =>
        copier.PacketCount > 0
        ? new OpusCopyReport(source, copier, defects, defectCount)
        : throw new VoiceFormatException("There is no audio that can be read.");
}
