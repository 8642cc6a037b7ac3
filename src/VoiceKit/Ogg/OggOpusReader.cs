using VoiceKit.Containers;

namespace VoiceKit.Ogg;

/// <summary>
/// Reads Ogg Opus (RFC 7845) from a stream, which need not be seekable. Heals by default: it gets past junk, lost pages and broken
/// packets and lists them in <see cref="Defects"/>. Allocates nothing per packet. Not thread-safe.
/// </summary>
public sealed class OggOpusReader : IOggOpusReader
{
    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly OggOpusDemuxer _demuxer;
    private bool _isDisposed;

    private OggOpusReader(Stream stream, OpusReaderOptions? options, bool leaveOpen)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead)
            throw new ArgumentException("The stream cannot be read.", nameof(stream));
        _stream = stream;
        _leaveOpen = leaveOpen;
        _demuxer = new OggOpusDemuxer(options ?? new OpusReaderOptions());
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

    /// <summary>How many pages of the Opus stream were read so far, headers included.</summary>
    public long PageCount => _demuxer.PageCount;

    /// <summary>The time line up to the current packet's end, in samples at 48 kHz: what is heard, lost audio included.</summary>
    public long Position => _demuxer.Timeline.Position;

    /// <summary>How much audio was lost and concealed so far, in samples at 48 kHz.</summary>
    public long LostSamples => _demuxer.Timeline.Lost;

    /// <summary>The byte offset of the page on which the current packet ends.</summary>
    public long PageOffset => _demuxer.PageOffset;

    /// <summary>Opens a stream and reads its headers.</summary>
    /// <param name="stream">Ogg Opus from where the stream stands. Read forward only, in pieces of up to 128 KiB.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <exception cref="VoiceFormatException">It is no Ogg Opus, or its OpusHead is refused by RFC 7845 §5.1.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static OggOpusReader Open(Stream stream, OpusReaderOptions? options = null, bool leaveOpen = false)
    {
        var reader = new OggOpusReader(stream, options, leaveOpen);
        try
        {
            while (reader._demuxer.ReadHeaders() == OggReadStatus.NeedData)
                reader.Fill();
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Opens a stream and reads its headers.</summary>
    /// <param name="stream">Ogg Opus from where the stream stands. Read forward only, in pieces of up to 128 KiB.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    /// <exception cref="VoiceFormatException">It is no Ogg Opus, or its OpusHead is refused by RFC 7845 §5.1.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static async Task<OggOpusReader> OpenAsync(
        Stream stream, OpusReaderOptions? options = null, bool leaveOpen = false, CancellationToken cancellationToken = default)
    {
        var reader = new OggOpusReader(stream, options, leaveOpen);
        try
        {
            while (reader._demuxer.ReadHeaders() == OggReadStatus.NeedData)
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
            if (status != OggReadStatus.NeedData)
                return status == OggReadStatus.Ready;
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
            if (status != OggReadStatus.NeedData)
                return status == OggReadStatus.Ready;
            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

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
