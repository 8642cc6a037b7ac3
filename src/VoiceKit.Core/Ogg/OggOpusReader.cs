using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>
/// Reads Ogg Opus (RFC 7845) from a stream, which need not be seekable. Heals by default: it gets past junk, lost pages and
/// broken packets and lists them in <see cref="Defects"/>. Allocates nothing per packet. Not thread-safe.
/// </summary>
public sealed class OggOpusReader : IOpusPacketReader
{
    private const int FirstReadAfterSeek = 4 * 1024;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly OggOpusDemuxer _demuxer;
    private readonly OggInput _input;
    private readonly OggOpusSeeker _seeker;
    private int _readSize = int.MaxValue;
    private bool _isLost;
    private bool _isDisposed;

    private OggOpusReader(Stream stream, OpusReaderOptions? options, bool leaveOpen)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead)
            throw new ArgumentException("The stream cannot be read.", nameof(stream));
        _stream = stream;
        _leaveOpen = leaveOpen;
        options ??= new OpusReaderOptions();
        _demuxer = new OggOpusDemuxer(options);
        _input = new OggInput(stream, options);
        _seeker = new OggOpusSeeker(new OggInput(stream), options);
    }

    /// <inheritdoc/>
    public OpusContainer Container => OpusContainer.Ogg;

    /// <inheritdoc/>
    public OpusHead Head => _demuxer.Head!;

    /// <inheritdoc/>
    public OpusTags Tags => _demuxer.Tags!;

    /// <inheritdoc/>
    public int Link => _demuxer.Link;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Packet => _demuxer.Packet;

    /// <inheritdoc/>
    public OpusPacketInfo PacketInfo => _demuxer.PacketInfo;

    /// <inheritdoc/>
    public IReadOnlyList<OpusDefect> Defects => _demuxer.Defects.Listed;

    /// <inheritdoc/>
    public long DefectCount => _demuxer.Defects.Count;

    /// <inheritdoc/>
    /// <remarks>Known once the end was read, or a seek has found the links.</remarks>
    public long? Duration => _demuxer.IsAtEnd && !_isLost ? Position : _seeker.Length;

    /// <inheritdoc/>
    public bool CanSeek => _input.CanSeek;

    /// <summary>How many pages were looked at, to read or to find others.</summary>
    internal long FoundPageCount => _demuxer.FoundPageCount + _seeker.PageCount;

    /// <inheritdoc/>
    public long PageCount => _demuxer.PageCount;

    /// <inheritdoc/>
    public long Position => _demuxer.Timeline.Position;

    /// <summary>How much audio was lost and concealed so far, in samples at 48 kHz.</summary>
    public long LostSamples => _demuxer.Timeline.Lost;

    /// <summary>
    /// How much audio was lost between the headers of links and their first pages of audio, in samples at 48 kHz. It is no part
    /// of <see cref="Position"/>: playing begins with what is there (RFC 7845 §4.5).
    /// </summary>
    public long LostBeginningSamples => _demuxer.Timeline.LostBeginning;

    /// <summary>
    /// Where the current link's audio starts on its own time line (RFC 7845 §4.5), in samples at 48 kHz; 0 unless it was cut.
    /// </summary>
    internal long StartOffset => _demuxer.Timeline.Origin - Head.PreSkip;

    /// <summary>The byte offset of the page on which the current packet ends.</summary>
    public long PageOffset => _demuxer.PageOffset;

    /// <summary>Opens a stream and reads its headers.</summary>
    /// <param name="stream">Ogg Opus from where the stream stands. Read forward only, in pieces of up to 128 KiB.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <exception cref="VoiceFormatException">The stream is no Ogg Opus, or RFC 7845 §5.1 refuses its OpusHead.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static OggOpusReader Open(Stream stream, OpusReaderOptions? options = null, bool leaveOpen = false) =>
        SyncCompletion.Complete(Open(stream, options, leaveOpen, int.MaxValue, isAsync: false, CancellationToken.None));

    /// <summary>Opens a stream and reads its headers.</summary>
    /// <param name="stream">Ogg Opus from where the stream stands. Read forward only, in pieces of up to 128 KiB.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    /// <exception cref="VoiceFormatException">The stream is no Ogg Opus, or RFC 7845 §5.1 refuses its OpusHead.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static async Task<OggOpusReader> OpenAsync(
        Stream stream,
        OpusReaderOptions? options = null,
        bool leaveOpen = false,
        CancellationToken cancellationToken = default) =>
        await Open(stream, options, leaveOpen, int.MaxValue, isAsync: true, cancellationToken).ConfigureAwait(false);

    /// <summary>Opens a file that is in memory.</summary>
    /// <param name="bytes">The whole file; it must not change while it is read.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <exception cref="VoiceFormatException">The stream is no Ogg Opus, or RFC 7845 §5.1 refuses its OpusHead.</exception>
    public static OggOpusReader Open(ReadOnlyMemory<byte> bytes, OpusReaderOptions? options = null) =>
        Open(new ReadOnlyMemoryStream(bytes), options);

    /// <summary>Opens a pipe and reads the headers.</summary>
    /// <param name="pipe">Ogg Opus up to the pipe's completion. Completed when the reader is disposed.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    /// <exception cref="VoiceFormatException">The stream is no Ogg Opus, or RFC 7845 §5.1 refuses its OpusHead.</exception>
    public static Task<OggOpusReader> OpenAsync(
        System.IO.Pipelines.PipeReader pipe, OpusReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        return OpenAsync(pipe.AsStream(), options, leaveOpen: false, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The last <see cref="Seek"/> failed: nowhere to read on from.</exception>
    public bool Read()
    {
        CheckRead();
        while (true)
        {
            var status = _demuxer.ReadPacket();
            if (status != OggReadStatus.NeedData)
                return status == OggReadStatus.Ready;
            SyncCompletion.Complete(FillCore(isAsync: false, CancellationToken.None));
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The last <see cref="Seek"/> failed: nowhere to read on from.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default)
    {
        CheckRead();
        while (true)
        {
            var status = _demuxer.ReadPacket();
            if (status != OggReadStatus.NeedData)
                return status == OggReadStatus.Ready;
            await FillCore(isAsync: true, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The first call finds the links of the file: by reading it through up to 1 MiB, by bisection beyond that, where links that
    /// share a serial number, against RFC 3533 §4, are taken for one. Where nothing is found, or the search fails or is
    /// cancelled, the reader stays where it was. Where what was found cannot be gone to, reading throws
    /// <see cref="InvalidOperationException"/> until another seek succeeds.
    /// </remarks>
    public void Seek(long position, int preRoll = OpusPreRoll.Least)
    {
        CheckSeek(position, preRoll);
        SyncCompletion.Complete(SeekCore(position, preRoll, isAsync: false, CancellationToken.None));
    }

    /// <inheritdoc/>
    /// <remarks>See <see cref="Seek"/>.</remarks>
    public ValueTask SeekAsync(long position, int preRoll = OpusPreRoll.Least, CancellationToken cancellationToken = default)
    {
        CheckSeek(position, preRoll);
        return SeekCore(position, preRoll, isAsync: true, cancellationToken);
    }

    /// <inheritdoc/>
    public void ReportDefect(OpusDefectKind kind, string message) =>
        _demuxer.Defects.AddUnknown(kind == OpusDefectKind.BadLink ? _demuxer.LinkOffset : PageOffset, kind, message);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!TryBeginDispose())
            return;
        if (!_leaveOpen)
            _stream.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!TryBeginDispose())
            return;
        if (!_leaveOpen)
            await _stream.DisposeAsync().ConfigureAwait(false);
    }

    // From the end of the packet before to where the link and the page are that the seeker has found.
    private async ValueTask SeekCore(long position, int preRoll, bool isAsync, CancellationToken cancellationToken)
    {
        var wasLost = _isLost;
        if (await Find(position, preRoll, isAsync, cancellationToken).ConfigureAwait(false) is not { } place)
            return;
        _isLost = true;
        _readSize = FirstReadAfterSeek;
        if (wasLost || place.Page is null || _demuxer.Link != place.Link.Number)
        {
            _input.Seek(place.Link.Offset);
            _demuxer.RestartAt(place.Link.Offset, place.Link.Number, place.Link.Start, place.Position, preRoll);
            while (_demuxer.ReadHeaders() == OggReadStatus.NeedData)
                await FillCore(isAsync, cancellationToken).ConfigureAwait(false);
        }

        if (place.Page is { } page)
        {
            _input.Seek(page);
            _demuxer.LandAt(page, place.Link.Origin, place.Position, preRoll);
        }

        _isLost = false;
    }

    // The search reads the same stream.
    private async ValueTask<(OggOpusLinkPlace Link, long Position, long? Page)?> Find(
        long position, int preRoll, bool isAsync, CancellationToken cancellationToken)
    {
        var (before, wasLost) = (_input.Position, _isLost);
        _isLost = true;
        var isFound = false;
        try
        {
            var found = await _seeker.Find(position, preRoll, isAsync, cancellationToken).ConfigureAwait(false);
            isFound = found is not null;
            return found;
        }
        finally
        {
            if (!isFound)
            {
                _input.Seek(before);
                _isLost = wasLost;
            }
        }
    }

    private async ValueTask FillCore(bool isAsync, CancellationToken cancellationToken) =>
        _demuxer.Advance(await _input.Read(NextSpace(), isAsync, cancellationToken).ConfigureAwait(false));

    // After a seek little may be wanted before the next one; who reads on gets larger pieces soon.
    private Memory<byte> NextSpace()
    {
        var space = _demuxer.GetFreeSpace();
        if (space.Length <= _readSize)
            return space;
        space = space[.._readSize];
        _readSize = (int)Math.Min(int.MaxValue, 2L * _readSize);
        return space;
    }

    /// <summary>Opens a stream and reads its headers.</summary>
    /// <param name="stream">Ogg Opus from where the stream stands.</param>
    /// <param name="options">How to read.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <param name="readSize">How many bytes to read at first; doubled with each read.</param>
    /// <param name="isAsync">Whether the stream is read asynchronously.</param>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    internal static async ValueTask<OggOpusReader> Open(
        Stream stream,
        OpusReaderOptions? options,
        bool leaveOpen,
        int readSize,
        bool isAsync,
        CancellationToken cancellationToken)
    {
        var reader = new OggOpusReader(stream, options, leaveOpen) { _readSize = readSize };
        try
        {
            while (reader._demuxer.ReadHeaders() == OggReadStatus.NeedData)
                await reader.FillCore(isAsync, cancellationToken).ConfigureAwait(false);
            return reader;
        }
        catch
        {
            if (isAsync)
                await reader.DisposeAsync().ConfigureAwait(false);
            else
                reader.Dispose();
            throw;
        }
    }

    private void CheckRead()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_isLost)
            throw new InvalidOperationException("The last seek failed: nowhere to read on from until another succeeds.");
    }

    private void CheckSeek(long position, int preRoll)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfNegative(preRoll);
        if (!_input.CanSeek)
            throw new NotSupportedException("The stream cannot seek.");
    }

    private bool TryBeginDispose()
    {
        if (_isDisposed)
            return false;
        _isDisposed = true;
        _demuxer.Dispose();
        return true;
    }
}
