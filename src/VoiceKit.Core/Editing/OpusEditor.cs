using VoiceKit.Caf;
using VoiceKit.Containers;
using VoiceKit.IO;
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
    /// <exception cref="ArgumentOutOfRangeException">
    /// The stretch is negative or empty, or begins behind the message's end.
    /// </exception>
    /// <exception cref="VoiceFormatException">The input has no Opus that can be read.</exception>
    /// <exception cref="IOException">A stream could not be read or written.</exception>
    public static OpusCopyReport Trim(
        Stream input,
        Stream output,
        TimeSpan from,
        TimeSpan? to = null,
        OpusWriterOptions? options = null,
        CancellationToken cancellationToken = default) =>
        SyncCompletion.Complete(TrimCore(input, output, from, to, options, isAsync: false, cancellationToken));

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
        CancellationToken cancellationToken = default) =>
        SyncCompletion.Complete(SplitCore(input, at, first, second, options, isAsync: false, cancellationToken));

    /// <summary>Puts messages one behind the other, each to the sample: as links of a chained file (RFC 7845 §9).</summary>
    /// <param name="inputs">The messages; their channels, gains and encoders may differ. They stay open.</param>
    /// <param name="output">Receives Ogg Opus; stays open.</param>
    /// <param name="options">How to write; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">There are no inputs.</exception>
    /// <exception cref="VoiceFormatException">An input has no Opus that can be read, or there is no audio in any.</exception>
    /// <exception cref="IOException">A stream could not be read or written.</exception>
    public static OpusCopyReport Join(
        IEnumerable<Stream> inputs,
        Stream output,
        OpusWriterOptions? options = null,
        CancellationToken cancellationToken = default) =>
        SyncCompletion.Complete(JoinCore(inputs, output, options, isAsync: false, cancellationToken));

    /// <summary>
    /// Writes all audio that can be read as a conforming file: checksums, sequence numbers, granule positions and the end are
    /// made anew, and lost audio becomes packets without data, so that time stays true.
    /// </summary>
    /// <param name="input">The message, damaged or cut off, from where the stream stands; stays open.</param>
    /// <param name="output">Receives Ogg Opus; stays open.</param>
    /// <param name="options">How to write; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What was broken, and how much was lost.</returns>
    /// <exception cref="VoiceFormatException">There is no Opus that can be read.</exception>
    /// <exception cref="IOException">A stream could not be read or written.</exception>
    public static OpusCopyReport Repair(
        Stream input, Stream output, OpusWriterOptions? options = null, CancellationToken cancellationToken = default) =>
        Edit(input, _ => NewCopier(output, options), Salvaging, cancellationToken);

    /// <summary>
    /// Puts a message into another container. It decodes to the same samples, but for what
    /// <see cref="OpusCopyReport.Untrimmed"/> counts.
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
        CancellationToken cancellationToken = default) =>
        Edit(input, _ => NewCopier(output, container, options), null, cancellationToken);

    /// <summary>
    /// Puts a message into CAF whose frames are counted at another rate than 48 kHz, as Apple's programs have it.
    /// </summary>
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
        CheckCafRate(sampleRate);
        return Edit(input, _ => NewCafCopier(output, sampleRate), null, cancellationToken);
    }

    /// <summary>
    /// Writes a message with packets of another duration, made of the same frames: 20 ms each into 60 ms each, as WhatsApp has
    /// them, or back. It decodes to the same samples.
    /// </summary>
    /// <param name="input">The message, from where the stream stands; stays open.</param>
    /// <param name="output">Receives Ogg Opus; stays open.</param>
    /// <param name="duration">The duration that packets are to have: 2.5, 5, 10, 20, 40, 60, 80, 100 or 120 ms.</param>
    /// <param name="forceCode3">
    /// Whether packets have frame count code 3 even where another is shorter: some players take no other.
    /// </param>
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
        return Edit(input, _ => NewCopier(output, options, wrap: RegroupTo(duration, forceCode3)), null, cancellationToken);
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
        CheckGain(decibels);
        return Edit(input, _ => NewCopier(output, options, change: GainBy(decibels)), null, cancellationToken);
    }

    /// <summary>Copies a message without what its tags tell of people and places: all but those of loudness.</summary>
    internal static OpusCopyReport Strip(
        Stream input, Stream output, OpusWriterOptions? options, CancellationToken cancellationToken) =>
        Edit(
            input,
            _ => NewCopier(output, options, change: (head, tags) => (head, tags.WithoutPrivate())),
            null,
            cancellationToken);
}
