using VoiceKit.Opus;

namespace VoiceKit.WebM;

/// <summary>
/// Reads Opus in WebM or Matroska (RFC 9559) from a stream, which need not be seekable and may still grow: what the MediaRecorder
/// of browsers makes, for one. The first Opus track is read. Heals by default: it gets past what is broken and lists it in
/// <see cref="Defects"/>. Allocates nothing per packet. Not thread-safe.
/// </summary>
/// <remarks>
/// Packets are played one after the other. A timestamp that is off by more than 100 ms from where the block before it ends is a
/// defect, and counted in <see cref="GapSamples"/> when it jumps ahead; nothing is concealed. Documents that stand behind each
/// other in one file are links: each has its own head and pre-skip.
/// </remarks>
internal sealed class WebMOpusReader : IOpusPacketReader
{
    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly long _start;
    private readonly MatroskaDemuxer _demuxer;
    private bool _isDisposed;

    private WebMOpusReader(Stream stream, OpusReaderOptions? options, bool leaveOpen)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead)
            throw new ArgumentException("The stream cannot be read.", nameof(stream));
        _stream = stream;
        _leaveOpen = leaveOpen;
        _start = stream.CanSeek ? stream.Position : 0;
        _demuxer = new MatroskaDemuxer(options ?? new OpusReaderOptions());
    }

    /// <inheritdoc/>
    public OpusContainer Container => OpusContainer.WebM;

    /// <summary>
    /// The OpusHead in CodecPrivate; made of Channels, SamplingFrequency and CodecDelay where there is none that can be read.
    /// </summary>
    public OpusHead Head => _demuxer.Head!;

    /// <summary>
    /// The tags of the file and of its Opus track, with Info's Title as TITLE where they have none; the vendor is the WritingApp,
    /// or else the MuxingApp. Tags that stand behind the audio are there when its end has been read.
    /// </summary>
    public OpusTags Tags => _demuxer.Tags;

    /// <summary>
    /// Counts the recordings that stand behind one another in one file, each with a header of its own, as browsers hand them out;
    /// 0 for the first. Each is decoded anew.
    /// </summary>
    public int Link => _demuxer.Link;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Packet => _demuxer.Packet;

    /// <inheritdoc/>
    /// <remarks>TrimStart comes of the OpusHead's pre-skip and of negative DiscardPadding, TrimEnd of positive.</remarks>
    public OpusPacketInfo PacketInfo => _demuxer.PacketInfo;

    /// <inheritdoc/>
    public IReadOnlyList<OpusDefect> Defects => _demuxer.Defects.Listed;

    /// <inheritdoc/>
    public long DefectCount => _demuxer.Defects.Count;

    /// <inheritdoc/>
    public long Position => _demuxer.Position;

    /// <inheritdoc/>
    /// <remarks>Known once the end was read.</remarks>
    public long? Duration => _demuxer.Length;

    /// <inheritdoc/>
    public bool CanSeek => _stream.CanSeek;

    /// <summary>
    /// By how much timestamps jumped ahead of the packets so far, in samples at 48 kHz; only jumps of more than 100 ms count.
    /// </summary>
    public long GapSamples => _demuxer.Timeline.GapSamples;

    /// <summary>Opens a stream and reads up to the first cluster.</summary>
    /// <param name="stream">WebM or Matroska from where the stream stands. Read forward only, in pieces of 64 KiB or so.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <exception cref="VoiceFormatException">
    /// The stream is no WebM or Matroska, or has no Opus track that can be read.
    /// </exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static WebMOpusReader Open(Stream stream, OpusReaderOptions? options = null, bool leaveOpen = false)
    {
        var reader = new WebMOpusReader(stream, options, leaveOpen);
        try
        {
            while (reader._demuxer.ReadHeaders() == WebMReadStatus.NeedData)
                reader.Fill();
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Opens a stream and reads up to the first cluster.</summary>
    /// <param name="stream">WebM or Matroska from where the stream stands. Read forward only, in pieces of 64 KiB or so.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    /// <exception cref="VoiceFormatException">
    /// The stream is no WebM or Matroska, or has no Opus track that can be read.
    /// </exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static async Task<WebMOpusReader> OpenAsync(
        Stream stream, OpusReaderOptions? options = null, bool leaveOpen = false, CancellationToken cancellationToken = default)
    {
        var reader = new WebMOpusReader(stream, options, leaveOpen);
        try
        {
            while (reader._demuxer.ReadHeaders() == WebMReadStatus.NeedData)
                await reader.FillAsync(cancellationToken).ConfigureAwait(false);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public bool Read()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        while (true)
        {
            var status = _demuxer.ReadPacket();
            if (status != WebMReadStatus.NeedData)
                return status == WebMReadStatus.Ready;
            Fill();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        while (true)
        {
            var status = _demuxer.ReadPacket();
            if (status != WebMReadStatus.NeedData)
                return status == WebMReadStatus.Ready;
            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Lists what was found broken before the reader came to see the input.</summary>
    internal void AddDefect(OpusDefectKind kind, string message) => _demuxer.Defects.AddUnknown(0, kind, message);

    /// <inheritdoc/>
    /// <remarks>
    /// Blocks are gone through once up to there, since their time stamps are not exact; clusters that are known from then on are
    /// gone to at once.
    /// </remarks>
    public void Seek(long position, int preRoll = OpusPreRoll.Least)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfNegative(preRoll);
        if (!CanSeek)
            throw new NotSupportedException("The stream cannot seek.");
        if (_demuxer.Seek(position, preRoll) is { } offset)
            _stream.Position = _start + offset;
    }

    /// <inheritdoc/>
    /// <remarks>See <see cref="Seek"/>: it is the next read that waits.</remarks>
    public ValueTask SeekAsync(long position, int preRoll = OpusPreRoll.Least, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Seek(position, preRoll);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void ReportDefect(OpusDefectKind kind, string message) => _demuxer.Defects.AddUnknown(_demuxer.Offset, kind, message);

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

    private void Fill() => _demuxer.Advance(_stream.Read(_demuxer.GetFreeSpace().Span));

    private async ValueTask FillAsync(CancellationToken cancellationToken) =>
        _demuxer.Advance(await _stream.ReadAsync(_demuxer.GetFreeSpace(), cancellationToken).ConfigureAwait(false));

    private bool TryBeginDispose()
    {
        if (_isDisposed)
            return false;
        _isDisposed = true;
        _demuxer.Dispose();
        return true;
    }
}
