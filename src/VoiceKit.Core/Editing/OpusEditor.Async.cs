using VoiceKit.Opus;

namespace VoiceKit.Editing;

// The same edits, for streams that are only read and written asynchronously.
public static partial class OpusEditor
{
    /// <summary>Cuts a stretch out, as <see cref="Trim"/> does. Never blocks on the streams.</summary>
    /// <inheritdoc cref="Trim"/>
    public static Task<OpusCopyReport> TrimAsync(
        Stream input,
        Stream output,
        TimeSpan from,
        TimeSpan? to = null,
        OpusWriterOptions? options = null,
        CancellationToken cancellationToken = default) =>
        TrimCore(input, output, from, to, options, isAsync: true, cancellationToken).AsTask();

    /// <summary>Cuts a message in two, as <see cref="Split"/> does. Never blocks on the streams.</summary>
    /// <inheritdoc cref="Split"/>
    public static Task<IReadOnlyList<OpusCopyReport>> SplitAsync(
        Stream input,
        TimeSpan at,
        Stream first,
        Stream second,
        OpusWriterOptions? options = null,
        CancellationToken cancellationToken = default) =>
        SplitCore(input, at, first, second, options, isAsync: true, cancellationToken).AsTask();

    /// <summary>Puts messages one behind the other, as <see cref="Join"/> does. Never blocks on the streams.</summary>
    /// <inheritdoc cref="Join"/>
    public static Task<OpusCopyReport> JoinAsync(
        IEnumerable<Stream> inputs,
        Stream output,
        OpusWriterOptions? options = null,
        CancellationToken cancellationToken = default) =>
        JoinCore(inputs, output, options, isAsync: true, cancellationToken).AsTask();

    /// <summary>
    /// Writes all audio that can be read as a conforming file, as <see cref="Repair"/> does. Never blocks on the streams.
    /// </summary>
    /// <inheritdoc cref="Repair"/>
    public static Task<OpusCopyReport> RepairAsync(
        Stream input, Stream output, OpusWriterOptions? options = null, CancellationToken cancellationToken = default) =>
        EditAsync(input, queue => NewCopier(output, options, queue: queue), Salvaging, cancellationToken);

    /// <summary>Puts a message into another container, as <see cref="Remux"/> does. Never blocks on the streams.</summary>
    /// <inheritdoc cref="Remux"/>
    public static Task<OpusCopyReport> RemuxAsync(
        Stream input,
        Stream output,
        OpusContainer container,
        OpusWriterOptions? options = null,
        CancellationToken cancellationToken = default) =>
        EditAsync(input, queue => NewCopier(output, container, options, queue), null, cancellationToken);

    /// <summary>
    /// Puts a message into CAF whose frames are counted at another rate, as <see cref="RemuxToCaf"/> does. Never blocks on the
    /// streams.
    /// </summary>
    /// <inheritdoc cref="RemuxToCaf"/>
    public static Task<OpusCopyReport> RemuxToCafAsync(
        Stream input, Stream output, int sampleRate, CancellationToken cancellationToken = default)
    {
        CheckCafRate(sampleRate);
        return EditAsync(input, queue => NewCafCopier(output, sampleRate, queue), null, cancellationToken);
    }

    /// <summary>
    /// Puts messages one behind the other as one stream, as <see cref="JoinAsOne"/> does. Never blocks on the streams.
    /// </summary>
    /// <inheritdoc cref="JoinAsOne"/>
    public static Task<OpusCopyReport> JoinAsOneAsync(
        IEnumerable<Stream> inputs,
        Stream output,
        IOpusCodec codec,
        OpusWriterOptions? options = null,
        CancellationToken cancellationToken = default) =>
        JoinAsOneCore(inputs, output, codec, options, isAsync: true, cancellationToken).AsTask();

    /// <summary>
    /// Writes a message with packets of another duration, as <see cref="Regroup"/> does. Never blocks on the streams.
    /// </summary>
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
            input,
            queue => NewCopier(output, options, wrap: RegroupTo(duration, forceCode3), queue: queue),
            null,
            cancellationToken);
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
}
