using VoiceKit.Containers;
using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>
/// The headers and the length of an Ogg Opus file, found from its first and last pages: some 30 KiB of a file of any size.
/// <see cref="OpusInfo"/> reads all of a file and knows more.
/// </summary>
/// <remarks>
/// The length is right for files without damage. Links of a chained file are found by their serial numbers: links that share one,
/// against RFC 3533 §4, are seen in files up to 32 KiB only. Larger tags and larger pages take larger reads, and so does each
/// link.
/// </remarks>
internal sealed class OggOpusOutline
{
    private const int ReadThroughSize = 32 * 1024;
    private const int HeadReadSize = 4 * 1024;

    private OggOpusOutline(OggOpusReader reader, IReadOnlyList<OggOpusLinkPlace> links)
    {
        Head = reader.Head;
        Tags = reader.Tags;
        Samples = links.Count == 0 ? 0 : links[^1].End;
        LinkCount = links.Count == 0 ? 1 : links[^1].Number + 1;
    }

    /// <summary>The identification header of the first link.</summary>
    public OpusHead Head { get; }

    /// <summary>The comment header of the first link.</summary>
    public OpusTags Tags { get; }

    /// <summary>The length in samples at 48 kHz.</summary>
    public long Samples { get; }

    /// <summary>The length.</summary>
    public TimeSpan Duration => OpusRates.ToTime(Samples);

    /// <summary>The number of links of a chained file; 1 for any other.</summary>
    public int LinkCount { get; }

    /// <summary>Reads the headers and the length.</summary>
    /// <param name="stream">Ogg Opus from where the stream stands, to its end; must be able to seek; stays open.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <exception cref="VoiceFormatException">The bytes are no Ogg Opus.</exception>
    /// <exception cref="NotSupportedException">The stream cannot seek.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static OggOpusOutline Read(Stream stream, OpusReaderOptions? options = null) =>
        SyncCompletion.Complete(Read(stream, options, isAsync: false, CancellationToken.None));

    /// <summary>Reads the headers and the length.</summary>
    /// <param name="stream">Ogg Opus from where the stream stands, to its end; must be able to seek; stays open.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="VoiceFormatException">The bytes are no Ogg Opus.</exception>
    /// <exception cref="NotSupportedException">The stream cannot seek.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static Task<OggOpusOutline> ReadAsync(
        Stream stream, OpusReaderOptions? options = null, CancellationToken cancellationToken = default) =>
        Read(stream, options, isAsync: true, cancellationToken).AsTask();

    private static async ValueTask<OggOpusOutline> Read(
        Stream stream, OpusReaderOptions? options, bool isAsync, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek)
            throw new NotSupportedException("The stream cannot seek.");
        options ??= new OpusReaderOptions();
        var input = new OggInput(stream);
        using var reader = await OggOpusReader
            .Open(stream, options, true, HeadReadSize, isAsync, cancellationToken).ConfigureAwait(false);
        using var finder = new OggOpusLinkFinder(input, options, false, isAsync, cancellationToken);
        return new OggOpusOutline(reader, await finder.Find(ReadThroughSize).ConfigureAwait(false));
    }
}
