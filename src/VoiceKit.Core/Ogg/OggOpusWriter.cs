using System.Runtime.ExceptionServices;
using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>
/// Writes Ogg Opus (RFC 7845) to a stream, which need not be seekable. Allocates nothing per packet. Not thread-safe.
/// </summary>
public sealed class OggOpusWriter : IOggOpusWriter
{
    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly OggOpusMuxer _muxer;
    private ExceptionDispatchInfo? _fault;
    private bool _isFinished;
    private bool _isDisposed;

    /// <summary>Creates a writer. The headers are written with the first page.</summary>
    /// <param name="stream">Where the bytes go.</param>
    /// <param name="head">The identification header; its pre-skip is the encoder's look-ahead.</param>
    /// <param name="tags">The comment header.</param>
    /// <param name="options">How to write; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is disposed.</param>
    public OggOpusWriter(Stream stream, OpusHead head, OpusTags tags, OggOpusWriterOptions? options = null, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(tags);
        if (!stream.CanWrite)
            throw new ArgumentException("The stream cannot be written.", nameof(stream));
        _stream = stream;
        _leaveOpen = leaveOpen;
        _muxer = new OggOpusMuxer(head, tags, options ?? new OggOpusWriterOptions());
    }

    /// <inheritdoc/>
    public long Duration => _muxer.Duration;

    /// <inheritdoc cref="OggOpusMuxer.PendingSize"/>
    internal int PendingSize => _muxer.PendingSize;

    /// <inheritdoc cref="OggOpusMuxer.PreviewEnd"/>
    internal byte[] PreviewEnd() => _muxer.PreviewEnd();

    /// <inheritdoc/>
    public void WritePacket(ReadOnlySpan<byte> packet)
    {
        Check();
        _muxer.WritePacket(packet);
        Drain();
    }

    /// <inheritdoc/>
    public ValueTask WritePacketAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken = default)
    {
        Check();
        _muxer.WritePacket(packet.Span);
        return DrainAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Flush()
    {
        Check();
        _muxer.Flush();
        Drain();
        _stream.Flush();
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        Check();
        _muxer.Flush();
        await DrainAsync(cancellationToken).ConfigureAwait(false);
        await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Finish(int trimEnd = 0)
    {
        Check();
        _muxer.Finish(trimEnd);
        _isFinished = true;
        Drain();
    }

    /// <inheritdoc/>
    public ValueTask FinishAsync(int trimEnd = 0, CancellationToken cancellationToken = default)
    {
        Check();
        _muxer.Finish(trimEnd);
        _isFinished = true;
        return DrainAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (!_leaveOpen)
            _stream.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (!_leaveOpen)
            await _stream.DisposeAsync().ConfigureAwait(false);
    }

    private void Check()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _fault?.Throw();
        if (_isFinished)
            throw new InvalidOperationException("The stream is finished.");
    }

    private void Drain()
    {
        if (!_muxer.HasOutput)
            return;
        try
        {
            _stream.Write(_muxer.Output.Span);
            _muxer.ClearOutput();
        }
        catch (Exception exception)
        {
            _fault = ExceptionDispatchInfo.Capture(exception);
            throw;
        }
    }

    private async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        if (!_muxer.HasOutput)
            return;
        try
        {
            await _stream.WriteAsync(_muxer.Output, cancellationToken).ConfigureAwait(false);
            _muxer.ClearOutput();
        }
        catch (Exception exception)
        {
            _fault = ExceptionDispatchInfo.Capture(exception);
            throw;
        }
    }
}
