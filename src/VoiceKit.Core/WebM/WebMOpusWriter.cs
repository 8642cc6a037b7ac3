using System.Runtime.ExceptionServices;
using VoiceKit.Opus;

namespace VoiceKit.WebM;

/// <summary>
/// Writes Opus as WebM (RFC 9559, Matroska's mapping of A_OPUS) to a stream. When the stream can seek, the duration, an index and
/// the size are filled in at the end; when not, the file has none of them, as a live stream. Reproducible to the byte. Allocates
/// nothing per packet. Not thread-safe.
/// </summary>
public sealed class WebMOpusWriter : IOpusPacketWriter, IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly MatroskaMuxer _muxer;
    private readonly bool _isPatched;
    private readonly long _start;
    private ExceptionDispatchInfo? _fault;
    private bool _isFinished;
    private bool _isDisposed;

    /// <summary>Creates a writer. The headers are written with the first packet.</summary>
    /// <param name="stream">Where the bytes go, from where the stream stands.</param>
    /// <param name="head">The identification header; its pre-skip is the encoder's look-ahead.</param>
    /// <param name="tags">The comments; the vendor is written as the file's WritingApp.</param>
    /// <param name="options">How to write; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is disposed.</param>
    /// <exception cref="IOException">The stream's position could not be read.</exception>
    public WebMOpusWriter(
        Stream stream, OpusHead head, OpusTags tags, WebMOpusWriterOptions? options = null, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(tags);
        if (!stream.CanWrite)
            throw new ArgumentException("The stream cannot be written.", nameof(stream));
        _stream = stream;
        _leaveOpen = leaveOpen;
        _isPatched = stream.CanSeek;
        _start = _isPatched ? stream.Position : 0;
        _muxer = new MatroskaMuxer(head, tags, options ?? new WebMOpusWriterOptions(), _isPatched);
    }

    /// <inheritdoc/>
    public long Duration => _muxer.Duration;

    /// <inheritdoc/>
    public void WritePacket(ReadOnlySpan<byte> packet)
    {
        Check();
        _muxer.WritePacket(packet);
        Drain();
    }

    /// <summary>Writes a packet. It is held back until its cluster is full, the last packet until the next one comes.</summary>
    /// <param name="packet">A whole Opus packet; its duration is in its first bytes.</param>
    /// <param name="cancellationToken">Cancels writing to the output.</param>
    /// <exception cref="VoiceFormatException">The packet breaks RFC 6716 §3.4 or is larger than RFC 7845 §6 allows.</exception>
    /// <exception cref="InvalidOperationException">The stream is finished.</exception>
    /// <exception cref="IOException">The output could not be written; every later call throws the same.</exception>
    public ValueTask WritePacketAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken = default)
    {
        Check();
        _muxer.WritePacket(packet.Span);
        return DrainAsync(cancellationToken);
    }

    /// <summary>Ends the current cluster early and flushes the output, so that a reader gets all but the last packet.</summary>
    /// <exception cref="InvalidOperationException">The stream is finished.</exception>
    /// <exception cref="IOException">The output could not be written; every later call throws the same.</exception>
    public void Flush()
    {
        Check();
        _muxer.Flush();
        Drain();
        _stream.Flush();
    }

    /// <summary>Ends the current cluster early and flushes the output, so that a reader gets all but the last packet.</summary>
    /// <param name="cancellationToken">Cancels writing to the output.</param>
    /// <exception cref="InvalidOperationException">The stream is finished.</exception>
    /// <exception cref="IOException">The output could not be written; every later call throws the same.</exception>
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
        Patch();
    }

    /// <summary>Ends the stream. Disposing without it leaves a stream that is cut off.</summary>
    /// <param name="trimEnd">How many samples, at 48 kHz, a decoder drops at the end: 0 up to the last packet's duration.</param>
    /// <param name="cancellationToken">Cancels writing to the output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The trim is negative or longer than the last packet.</exception>
    /// <exception cref="InvalidOperationException">
    /// No packet was written, the stream would end within its pre-skip, or it is finished.
    /// </exception>
    /// <exception cref="IOException">The output could not be written; every later call throws the same.</exception>
    public async ValueTask FinishAsync(int trimEnd = 0, CancellationToken cancellationToken = default)
    {
        Check();
        _muxer.Finish(trimEnd);
        _isFinished = true;
        await DrainAsync(cancellationToken).ConfigureAwait(false);
        await PatchAsync(cancellationToken).ConfigureAwait(false);
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
        if (_muxer.Output.IsEmpty)
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

    private ValueTask DrainAsync(CancellationToken cancellationToken) =>
        _muxer.Output.IsEmpty ? ValueTask.CompletedTask : WriteOutputAsync(cancellationToken);

    private async ValueTask WriteOutputAsync(CancellationToken cancellationToken)
    {
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

    private void Patch()
    {
        if (!_isPatched)
            return;
        try
        {
            var end = _stream.Position;
            _stream.Position = _start;
            _stream.Write(_muxer.GetFinalStart().Span);
            _stream.Position = end;
        }
        catch (Exception exception)
        {
            _fault = ExceptionDispatchInfo.Capture(exception);
            throw;
        }
    }

    private async ValueTask PatchAsync(CancellationToken cancellationToken)
    {
        if (!_isPatched)
            return;
        try
        {
            var end = _stream.Position;
            _stream.Position = _start;
            await _stream.WriteAsync(_muxer.GetFinalStart(), cancellationToken).ConfigureAwait(false);
            _stream.Position = end;
        }
        catch (Exception exception)
        {
            _fault = ExceptionDispatchInfo.Capture(exception);
            throw;
        }
    }
}
