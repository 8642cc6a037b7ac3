namespace VoiceKit.Opus;

/// <summary>
/// Reads the Opus packets of a container, one after the other, and tells where each stands in time. Positions and durations are
/// samples per channel at 48 kHz, as RFC 7845 §4 counts them, on the file's own time line, which starts at 0. Not thread-safe.
/// </summary>
/// <remarks>
/// Everything in the library that reads Opus takes this interface alone, so an app can read a container of its own. Members with
/// a default need not be implemented; those who implement them can seek, tell the length and list defects.
/// </remarks>
public interface IOpusPacketReader : IDisposable, IAsyncDisposable
{
    /// <summary>The container.</summary>
    OpusContainer Container { get; }

    /// <summary>
    /// The identification header: of the current link in a chained Ogg file; made of what the container tells in others.
    /// </summary>
    OpusHead Head { get; }

    /// <summary>The comments; empty when there are none or they could not be read.</summary>
    OpusTags Tags { get; }

    /// <summary>The current link of a chained Ogg file (RFC 7845 §9), counted from 0; 0 in other containers.</summary>
    int Link { get; }

    /// <summary>
    /// The current packet. Valid until the next read, seek or dispose; empty before the first read and after the end.
    /// </summary>
    ReadOnlySpan<byte> Packet { get; }

    /// <summary>Where the current packet stands in time.</summary>
    OpusPacketInfo PacketInfo { get; }

    /// <summary>
    /// What is heard up to the current packet's end, lost audio included, in samples at 48 kHz. After a seek, until the next
    /// read, it is where the seek went to.
    /// </summary>
    long Position { get; }

    /// <summary>
    /// The length of all there is to be heard, in samples at 48 kHz; null while it is not known, as in Ogg until its end was read
    /// or looked for.
    /// </summary>
    /// <remarks>What the container says of it. Only reading to the end, with nothing decoded, tells it for sure.</remarks>
    long? Duration => null;

    /// <summary>What was found broken so far; the first 1000 of it.</summary>
    IReadOnlyList<OpusDefect> Defects { get; }

    /// <summary>How many defects were found so far, listed or not.</summary>
    long DefectCount { get; }

    /// <summary>
    /// How much time the container leaves out between packets, as far as it was read, in samples at 48 kHz: no part of any
    /// position.
    /// </summary>
    long GapSamples => 0;

    /// <summary>
    /// How much audio is lost between the headers and the first packet, in samples at 48 kHz: no part of the length, since
    /// playing begins with what is there (RFC 7845 §4.5); 0 where nothing tells.
    /// </summary>
    long LostBeginningSamples => 0;

    /// <summary>How many Ogg pages were read so far, headers included; 0 in other containers.</summary>
    long PageCount => 0;

    /// <summary>Whether <see cref="Seek"/> works: whether the stream can seek.</summary>
    bool CanSeek => false;

    /// <summary>Goes to the next packet.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="VoiceFormatException">The reader is strict and finds a defect.</exception>
    /// <exception cref="IOException">The input could not be read.</exception>
    /// <exception cref="ObjectDisposedException">The reader is disposed.</exception>
    bool Read();

    /// <summary>Goes to the next packet. Never blocks on the input.</summary>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="VoiceFormatException">The reader is strict and finds a defect.</exception>
    /// <exception cref="IOException">The input could not be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; reading can go on.</exception>
    /// <exception cref="ObjectDisposedException">The reader is disposed.</exception>
    ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Goes to a position. The packets that come next begin somewhat before it, so that a decoder, reset now, has converged when
    /// it gets there (RFC 7845 §4.6): what of them is before the position counts as trimmed.
    /// </summary>
    /// <param name="position">
    /// Samples at 48 kHz from the start of the file, all links counted; beyond the end stands for the end.
    /// </param>
    /// <param name="preRoll">How much before the position to begin, in samples at 48 kHz; RFC 7845 asks for 3840 (80 ms).</param>
    /// <exception cref="ArgumentOutOfRangeException">The position or the pre-roll is negative.</exception>
    /// <exception cref="NotSupportedException">The stream cannot seek.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    /// <exception cref="ObjectDisposedException">The reader is disposed.</exception>
    void Seek(long position, int preRoll = 3840) => throw new NotSupportedException("This reader cannot seek.");

    /// <summary>Goes to a position, as <see cref="Seek"/> does. Never blocks on the input.</summary>
    /// <param name="position">
    /// Samples at 48 kHz from the start of the file, all links counted; beyond the end stands for the end.
    /// </param>
    /// <param name="preRoll">How much before the position to begin, in samples at 48 kHz; RFC 7845 asks for 3840 (80 ms).</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="ArgumentOutOfRangeException">The position or the pre-roll is negative.</exception>
    /// <exception cref="NotSupportedException">The stream cannot seek.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    /// <exception cref="ObjectDisposedException">The reader is disposed.</exception>
    ValueTask SeekAsync(long position, int preRoll = 3840, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("This reader cannot seek.");

    /// <summary>
    /// Reports a defect that only the user of the packets can see, such as a link whose channels have no meaning. A reader that
    /// heals lists it among <see cref="Defects"/>; any other throws.
    /// </summary>
    /// <param name="kind">What kind of defect it is.</param>
    /// <param name="message">What is wrong, in a sentence.</param>
    /// <exception cref="VoiceFormatException">The reader is strict.</exception>
    void ReportDefect(OpusDefectKind kind, string message) => throw new VoiceFormatException(message);
}
