using VoiceKit.Caf;
using VoiceKit.Containers;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Editing;

/// <summary>
/// Edits messages without a codec: packets are copied as they are, and everything around them is made anew. Inputs may be of any
/// container that <see cref="OpusContainers"/> opens; streams need not seek, and memory does not grow with their length.
/// </summary>
public static partial class OpusEditor
{
    /// <summary>Cuts a stretch out, to the sample, through pre-skip and end trimming (RFC 7845 §4.2, §4.4).</summary>
    /// <param name="input">The message, from where the stream stands; stays open.</param>
    /// <param name="output">Receives Ogg Opus; stays open.</param>
    /// <param name="from">Where the stretch begins.</param>
    /// <param name="to">Where it ends; null or beyond the end for the end.</param>
    /// <param name="options">How to write; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">The stretch is negative or empty, or begins behind the message's end.</exception>
    /// <exception cref="VoiceFormatException">The input has no Opus that can be read.</exception>
    /// <exception cref="IOException">A stream could not be read or written.</exception>
    public static OpusCopyReport Trim(
        Stream input,
        Stream output,
        TimeSpan from,
        TimeSpan? to = null,
        OpusWriterOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, TimeSpan.Zero);
        if (to is { } end)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(end, from, nameof(to));
        var first = OpusRates.ToSamples(from);
        var clip = new OpusPacketClip(first, to is { } limit ? OpusRates.ToSamples(limit) : long.MaxValue, OpusPreRoll.Cut);

        using var reader = OpusContainers.Open(input, leaveOpen: true);
        if (reader.CanSeek)
            reader.Seek(first, OpusPreRoll.Cut);
        using var copier = NewCopier(output, options, dropsUnheard: true);
        Copy(reader, copier, clip, cancellationToken);
        return copier.Samples > 0
            ? Report(reader, copier)
            : throw new ArgumentOutOfRangeException(nameof(from), from, "The message has nothing there.");
    }

    /// <summary>Cuts a message in two, to the sample.</summary>
    /// <param name="input">The message, from where the stream stands; must be able to seek; stays open.</param>
    /// <param name="at">Where the second part begins.</param>
    /// <param name="first">Receives the first part as Ogg Opus; stays open.</param>
    /// <param name="second">Receives the second part as Ogg Opus; stays open.</param>
    /// <param name="options">How to write; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What was copied: a report of the first part and one of the second.</returns>
    /// <exception cref="ArgumentOutOfRangeException">One of the parts would be empty.</exception>
    /// <exception cref="NotSupportedException">The input cannot seek.</exception>
    /// <exception cref="VoiceFormatException">The input has no Opus that can be read.</exception>
    /// <exception cref="IOException">A stream could not be read or written.</exception>
    public static IReadOnlyList<OpusCopyReport> Split(
        Stream input,
        TimeSpan at,
        Stream first,
        Stream second,
        OpusWriterOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(at, TimeSpan.Zero);
        if (!input.CanSeek)
            throw new NotSupportedException("The stream cannot seek.");
        var start = input.Position;
        var one = Trim(input, first, TimeSpan.Zero, at, options, cancellationToken);
        input.Position = start;
        return [one, Trim(input, second, at, null, options, cancellationToken)];
    }

    /// <summary>Puts messages one behind the other, each to the sample: as links of a chained file (RFC 7845 §9).</summary>
    /// <param name="inputs">The messages; their channels, gains and encoders may differ. They stay open.</param>
    /// <param name="output">Receives Ogg Opus; stays open.</param>
    /// <param name="options">How to write; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">There are no inputs.</exception>
    /// <exception cref="VoiceFormatException">An input has no Opus that can be read, or there is no audio in any.</exception>
    /// <exception cref="IOException">A stream could not be read or written.</exception>
    public static OpusCopyReport Join(
        IEnumerable<Stream> inputs, Stream output, OpusWriterOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        using var copier = NewCopier(output, options);
        var defects = new List<OpusDefect>();
        long defectCount = 0;
        OpusContainer? source = null;
        foreach (var input in inputs)
        {
            using var reader = OpusContainers.Open(input, leaveOpen: true);
            source ??= reader.Container;
            Copy(reader, copier, null, cancellationToken);
            defects.AddRange(reader.Defects);
            defectCount += reader.DefectCount;
        }

        if (source is not { } first)
            throw new ArgumentException("There is nothing to join.", nameof(inputs));
        return Report(first, copier, defects, defectCount);
    }

    /// <summary>
    /// Writes all audio that can be read as a conforming file: checksums, sequence numbers, granule positions and the end are made
    /// anew, and lost audio becomes packets without data, so that time stays true.
    /// </summary>
    /// <param name="input">The message, damaged or cut off, from where the stream stands; stays open.</param>
    /// <param name="output">Receives Ogg Opus; stays open.</param>
    /// <param name="options">How to write; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What was broken, and how much was lost.</returns>
    /// <exception cref="VoiceFormatException">There is no Opus that can be read.</exception>
    /// <exception cref="IOException">A stream could not be read or written.</exception>
    public static OpusCopyReport Repair(
        Stream input, Stream output, OpusWriterOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var reader = OpusContainers.Open(input, new OpusReaderOptions { Salvages = true }, leaveOpen: true);
        using var copier = NewCopier(output, options);
        Copy(reader, copier, null, cancellationToken);
        return Report(reader, copier);
    }

    /// <summary>
    /// Puts a message into another container. It decodes to the same samples, but for what
    /// <see cref="OpusCopyReport.UntrimmedSamples"/> counts.
    /// </summary>
    /// <param name="input">The message, from where the stream stands; stays open.</param>
    /// <param name="output">Receives the container; stays open.</param>
    /// <param name="container">The container.</param>
    /// <param name="options">How to write Ogg; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="VoiceFormatException">
    /// There is no Opus that can be read, or the container has no place for what the input is: several links, surround, a gain.
    /// </exception>
    /// <exception cref="IOException">A stream could not be read or written.</exception>
    public static OpusCopyReport Remux(
        Stream input,
        Stream output,
        OpusContainer container,
        OpusWriterOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        using var reader = OpusContainers.Open(input, leaveOpen: true);
        using var copier = container == OpusContainer.Ogg
            ? NewCopier(output, options)
            : new OpusPacketCopier((head, tags, links) => CreateSingle(output, container, links, head, tags));
        Copy(reader, copier, null, cancellationToken);
        return Report(reader, copier);
    }

    /// <summary>Puts a message into CAF whose frames are counted at another rate than 48 kHz, as Apple's programs have it.</summary>
    /// <param name="input">The message, from where the stream stands; stays open.</param>
    /// <param name="output">Receives the file; stays open.</param>
    /// <param name="sampleRate">8000, 12000, 16000, 24000 or 48000 Hz; see <see cref="CafOpusWriter"/>.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is none of those.</exception>
    /// <exception cref="VoiceFormatException">
    /// There is no Opus that can be read, or the container has no place for what the input is: several links, surround, a gain.
    /// </exception>
    /// <exception cref="IOException">A stream could not be read or written.</exception>
    public static OpusCopyReport RemuxToCaf(
        Stream input, Stream output, int sampleRate, CancellationToken cancellationToken = default)
    {
        if (!OpusRates.IsSupported(sampleRate))
            throw new ArgumentOutOfRangeException(nameof(sampleRate), sampleRate, "Opus has 8000, 12000, 16000, 24000 or 48000 Hz.");
        using var reader = OpusContainers.Open(input, leaveOpen: true);
        using var copier = new OpusPacketCopier(
            (head, tags, links) => CreateSingle(output, OpusContainer.Caf, links, head, tags, sampleRate));
        Copy(reader, copier, null, cancellationToken);
        return Report(reader, copier);
    }

    /// <summary>
    /// Writes a message with packets of another duration, made of the same frames: 20 ms each into 60 ms each, as WhatsApp has them,
    /// or back. It decodes to the same samples.
    /// </summary>
    /// <param name="input">The message, from where the stream stands; stays open.</param>
    /// <param name="output">Receives Ogg Opus; stays open.</param>
    /// <param name="duration">The duration that packets are to have: 2.5, 5, 10, 20, 40, 60, 80, 100 or 120 ms.</param>
    /// <param name="forceCode3">Whether packets have frame count code 3 even where another is shorter: some players take no other.</param>
    /// <param name="options">How to write; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">The duration is none of those.</exception>
    /// <exception cref="VoiceFormatException">There is no Opus that can be read, or it is surround.</exception>
    /// <exception cref="IOException">A stream could not be read or written.</exception>
    public static OpusCopyReport Regroup(
        Stream input,
        Stream output,
        TimeSpan duration,
        bool forceCode3 = false,
        OpusWriterOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        _ = new OpusPacketRegrouper(duration, forceCode3); // Refuses the duration before anything is read.
        using var reader = OpusContainers.Open(input, leaveOpen: true);
        using var copier = NewCopier(output, options, wrap: Wrap);
        Copy(reader, copier, null, cancellationToken);
        return Report(reader, copier);

        IOpusPacketWriter Wrap(OpusHead head, IOpusPacketWriter writer) => head.StreamCount == 1
            ? new OpusRegroupingWriter(writer, new OpusPacketRegrouper(duration, forceCode3))
            : throw new VoiceFormatException($"Packets of {head.StreamCount} streams are not regrouped.");
    }

    /// <summary>
    /// Makes a message louder or softer without touching its packets: through the output gain of each link's header, which all
    /// players apply (RFC 7845 §5.1). R128 gains in the tags are relative to it (§5.2.1) and change by as much the other way; one
    /// that has no room for that is taken out.
    /// </summary>
    /// <param name="input">The message, from where the stream stands; stays open.</param>
    /// <param name="output">Receives Ogg Opus; stays open.</param>
    /// <param name="decibels">By how much; rounded to 1/256 dB, and held where the field ends: −128…+127.996 dB in all.</param>
    /// <param name="options">How to write; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is not a finite number.</exception>
    /// <exception cref="VoiceFormatException">There is no Opus that can be read.</exception>
    /// <exception cref="IOException">A stream could not be read or written.</exception>
    public static OpusCopyReport Amplify(
        Stream input,
        Stream output,
        double decibels,
        OpusWriterOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        if (!double.IsFinite(decibels))
            throw new ArgumentOutOfRangeException(nameof(decibels), decibels, "The gain is not a finite number.");
        using var reader = OpusContainers.Open(input, leaveOpen: true);
        using var copier = NewCopier(output, options, change: Change);
        Copy(reader, copier, null, cancellationToken);
        return Report(reader, copier);

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
        Stream output, OpusContainer container, int links, OpusHead head, OpusTags tags, int cafRate = OpusRates.Full)
    {
        if (links > 0)
            throw new VoiceFormatException($"This is a chained file: its links cannot be one stream, which is all that {container} has.");
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

    /// <summary>Copies a message without what its tags tell of people and places: all but those of loudness.</summary>
    internal static OpusCopyReport Strip(
        Stream input, Stream output, OpusWriterOptions? options, CancellationToken cancellationToken)
    {
        using var reader = OpusContainers.Open(input, leaveOpen: true);
        using var copier = NewCopier(output, options, change: (head, tags) => (head, tags.WithoutPrivate()));
        Copy(reader, copier, null, cancellationToken);
        return Report(reader, copier);
    }

    // The links of one file have serial numbers of their own (RFC 3533 §4).
    private static OpusPacketCopier NewCopier(
        Stream output,
        OpusWriterOptions? options,
        bool dropsUnheard = false,
        Func<OpusHead, IOpusPacketWriter, IOpusPacketWriter>? wrap = null,
        Func<OpusHead, OpusTags, (OpusHead Head, OpusTags Tags)>? change = null)
    {
        var pageDuration = (options ?? new OpusWriterOptions()).MaxPageDuration;
        var serial = options?.Serial ?? Random.Shared.Next(int.MinValue, int.MaxValue);
        return new OpusPacketCopier(Create) { DropsUnheard = dropsUnheard, BreaksAtTrims = true };

        IOpusPacketWriter Create(OpusHead head, OpusTags tags, int links)
        {
            var linkOptions = new OpusWriterOptions { Serial = unchecked(serial + links), MaxPageDuration = pageDuration };
            if (change is not null)
                (head, tags) = change(head, tags);
            var writer = new OggOpusWriter(output, head, tags, linkOptions, leaveOpen: true);
            return wrap is null ? writer : wrap(head, writer);
        }
    }

    /// <summary>Copies what a reader has left, or a stretch of it; the copier is told of each link and of the end.</summary>
    internal static void Copy(IOpusPacketReader reader, OpusPacketCopier copier, OpusPacketClip? clip, CancellationToken cancellationToken)
    {
        var link = -1;
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var info = reader.PacketInfo;
            if (clip is { } stretch && stretch.IsBehind(info))
                break;
            if (reader.Link != link)
            {
                link = reader.Link;
                copier.Begin(reader.Head, reader.Tags);
            }

            if (clip is not { } cut || cut.TryCut(ref info))
                copier.Add(reader.Packet, info);
        }

        copier.End();
    }

    private static OpusCopyReport Report(IOpusPacketReader reader, OpusPacketCopier copier) =>
        Report(reader.Container, copier, reader.Defects, reader.DefectCount);

    private static OpusCopyReport Report(
        OpusContainer source, OpusPacketCopier copier, IReadOnlyList<OpusDefect> defects, long defectCount) => copier.PacketCount > 0
        ? new OpusCopyReport(source, copier, defects, defectCount)
        : throw new VoiceFormatException("There is no audio that can be read.");
}
