using System.Runtime.ExceptionServices;
using VoiceKit.IO;

namespace VoiceKit.Opus;

/// <summary>
/// What the writers of all containers have in common: they bring packets to a stream, and once that has failed, every later call
/// fails. Allocates nothing per packet. Not thread-safe.
/// </summary>
internal class OpusContainerWriter : IOpusPacketWriter
{
    private readonly Stream _stream;
    private readonly IOpusMuxer _muxer;
    private readonly bool _leaveOpen;
    private readonly long _start;
    private ExceptionDispatchInfo? _fault;
    private bool _isFinished;
    private bool _isDisposed;

    public OpusContainerWriter(Stream stream, IOpusMuxer muxer, bool leaveOpen)
    {
        _stream = stream;
        _muxer = muxer;
        _leaveOpen = leaveOpen;
        _start = stream.CanSeek ? stream.Position : 0;
    }

    /// <inheritdoc/>
    public long Duration => _muxer.Duration;

    /// <inheritdoc/>
    public long PendingSize => _muxer.PendingSize;

    /// <inheritdoc/>
    public void WritePacket(ReadOnlySpan<byte> packet)
    {
        Check(CancellationToken.None);
        _muxer.WritePacket(packet);
        if (_muxer.HasOutput)
            SyncCompletion.Complete(Drain(isAsync: false, CancellationToken.None));
    }

    /// <inheritdoc/>
    public ValueTask WritePacketAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken = default)
    {
        Check(cancellationToken);
        _muxer.WritePacket(packet.Span);
        return _muxer.HasOutput ? Drain(isAsync: true, cancellationToken) : ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Flush()
    {
        Check(CancellationToken.None);
        SyncCompletion.Complete(FlushCore(isAsync: false, CancellationToken.None));
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        Check(cancellationToken);
        return FlushCore(isAsync: true, cancellationToken);
    }

    /// <inheritdoc/>
    public void Finish(int trimEnd = 0)
    {
        Check(CancellationToken.None);
        SyncCompletion.Complete(FinishCore(trimEnd, isAsync: false, CancellationToken.None));
    }

    /// <inheritdoc/>
    public ValueTask FinishAsync(int trimEnd = 0, CancellationToken cancellationToken = default)
    {
        Check(cancellationToken);
        return FinishCore(trimEnd, isAsync: true, cancellationToken);
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

    /// <summary>Refuses a stream that cannot be written.</summary>
    public static Stream CheckOutput(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.CanWrite ? stream : throw new ArgumentException("The stream cannot be written.", nameof(stream));
    }

    private bool TryBeginDispose()
    {
        if (_isDisposed)
            return false;
        _isDisposed = true;
        return true;
    }

    // Who gives a token that is cancelled already does no harm: nothing has begun.
    private void Check(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _fault?.Throw();
        if (_isFinished)
            throw new InvalidOperationException("The stream is finished.");
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async ValueTask FlushCore(bool isAsync, CancellationToken cancellationToken)
    {
        _muxer.Flush();
        await Drain(isAsync, cancellationToken).ConfigureAwait(false);
        await FlushStream(isAsync, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask FinishCore(int trimEnd, bool isAsync, CancellationToken cancellationToken)
    {
        _muxer.Finish(trimEnd);
        _isFinished = true;
        await Drain(isAsync, cancellationToken).ConfigureAwait(false);
        await Patch(isAsync, cancellationToken).ConfigureAwait(false);
        await FlushStream(isAsync, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask Drain(bool isAsync, CancellationToken cancellationToken)
    {
        try
        {
            while (_muxer.HasOutput)
            {
                await Write(_muxer.Output, isAsync, cancellationToken).ConfigureAwait(false);
                _muxer.ClearOutput();
            }
        }
        catch (Exception exception)
        {
            Fail(exception);
            throw;
        }
    }

    private async ValueTask Patch(bool isAsync, CancellationToken cancellationToken)
    {
        if (_muxer.Patches is not { Count: > 0 } patches)
            return;
        try
        {
            var end = _stream.Position;
            foreach (var patch in patches)
            {
                _stream.Position = _start + patch.Offset;
                await Write(patch.Bytes, isAsync, cancellationToken).ConfigureAwait(false);
            }

            _stream.Position = end;
        }
        catch (Exception exception)
        {
            Fail(exception);
            throw;
        }
    }

    private async ValueTask FlushStream(bool isAsync, CancellationToken cancellationToken)
    {
        try
        {
            if (isAsync)
                await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            else
                _stream.Flush();
        }
        catch (Exception exception)
        {
            Fail(exception);
            throw;
        }
    }

    private ValueTask Write(ReadOnlyMemory<byte> bytes, bool isAsync, CancellationToken cancellationToken)
    {
        if (isAsync)
            return _stream.WriteAsync(bytes, cancellationToken);
        _stream.Write(bytes.Span);
        return ValueTask.CompletedTask;
    }

    // Whoever comes later has cancelled nothing: what they are told is that the output cannot be gone on with.
    private void Fail(Exception exception) => _fault = ExceptionDispatchInfo.Capture(exception is OperationCanceledException
        ? new IOException("An earlier write was cancelled: what was written may be cut off within it.", exception)
        : exception);
}
