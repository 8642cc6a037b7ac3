using VoiceKit.Audio;
using VoiceKit.IO;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Containers;

/// <summary>
/// Writes PCM as Opus in any container: encodes, and keeps the exact length through pre-skip and end trimming (RFC 7845 §4.2,
/// §4.4, §7). Works on live audio: any number of frames at a time. Allocates nothing per packet. Not thread-safe.
/// </summary>
public sealed class OpusAudioWriter : IDisposable, IAsyncDisposable
{
    private readonly IOpusEncoder _encoder;
    private readonly IOpusPacketWriter _writer;
    private readonly byte[] _packet = new byte[OpusPacket.MaxEncodedSize];
    private readonly float[] _frame;
    private readonly int _fullRateFactor;
    private int _frameFill;
    private long _framesEncoded;
    private int _largestPacket;
    private bool _isFinished;
    private bool _isDisposed;

    /// <summary>Joins an encoder and a writer of packets.</summary>
    /// <param name="writer">
    /// Takes the packets; its header is <see cref="OpusHead.Of"/> the encoder. Disposed with this object.
    /// </param>
    /// <param name="encoder">Makes the packets, and says the format of the PCM. Disposed with this object.</param>
    public OpusAudioWriter(IOpusPacketWriter writer, IOpusEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(encoder);
        _writer = writer;
        _encoder = encoder;
        _fullRateFactor = OpusRates.Full / encoder.SampleRate;
        _frame = new float[encoder.FrameSize * encoder.Channels];
        Format = new AudioFormat(encoder.SampleRate, encoder.Channels);
    }

    /// <summary>Writes Ogg Opus.</summary>
    /// <param name="stream">Where the bytes go.</param>
    /// <param name="codec">Makes the encoder.</param>
    /// <param name="encoderOptions">The encoder's settings, and with them the format of the PCM; null for the defaults.</param>
    /// <param name="comments">The comments of OpusTags; the vendor is the codec's name.</param>
    /// <param name="writerOptions">How to write pages; null for the defaults.</param>
    /// <param name="inputSampleRate">The rate of the original audio in Hz, for the header; null for that of the PCM.</param>
    /// <param name="vendor">Replaces the codec's name as the vendor of OpusTags.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is disposed.</param>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or refuses a setting.</exception>
    public OpusAudioWriter(
        Stream stream,
        IOpusEncoderFactory codec,
        OpusEncoderOptions? encoderOptions = null,
        IEnumerable<OpusComment>? comments = null,
        OpusWriterOptions? writerOptions = null,
        int? inputSampleRate = null,
        string? vendor = null,
        bool leaveOpen = false)
        : this(CreateEncoder(stream, codec, encoderOptions), encoder => new OggOpusWriter(
            stream,
            OpusHead.Of(encoder, inputSampleRate),
            new OpusTags(vendor ?? codec.Name, comments ?? []),
            writerOptions,
            leaveOpen))
    {
    }

    private OpusAudioWriter(IOpusEncoder encoder, Func<IOpusEncoder, IOpusPacketWriter> createWriter)
        : this(CreateWriter(encoder, createWriter), encoder)
    {
    }

    /// <summary>The format of the PCM.</summary>
    public AudioFormat Format { get; }

    /// <summary>How many frames, at the rate of <see cref="Format"/>, were written so far.</summary>
    public long FrameCount { get; private set; }

    /// <summary>About how many bytes would be added by finishing now, judged by the packets so far.</summary>
    public long PendingSize
    {
        get
        {
            var packets = (_frameFill / Format.Channels + _encoder.Lookahead) / _encoder.FrameSize + 1;
            return _writer.PendingSize + packets * (2L * _largestPacket + 64);
        }
    }

    /// <summary>Encodes PCM.</summary>
    /// <param name="samples">Any number of whole frames.</param>
    /// <exception cref="ArgumentException">The last frame is not whole.</exception>
    /// <exception cref="InvalidOperationException">The stream is finished.</exception>
    /// <exception cref="OpusCodecException">The codec reports an error.</exception>
    /// <exception cref="IOException">The output could not be written.</exception>
    public void Write(ReadOnlySpan<float> samples)
    {
        CheckSamples(samples);
        while (!samples.IsEmpty)
        {
            var taken = Take(samples, out var length);
            samples = samples[taken..];
            FrameCount += taken / Format.Channels;
            if (length > 0)
                _writer.WritePacket(_packet.AsSpan(0, length));
        }
    }

    /// <summary>Encodes PCM, as <see cref="Write"/> does. Never blocks on the output.</summary>
    /// <param name="samples">Any number of whole frames.</param>
    /// <param name="cancellationToken">Cancels writing to the output, which cannot be used after that.</param>
    /// <exception cref="ArgumentException">The last frame is not whole.</exception>
    /// <exception cref="InvalidOperationException">The stream is finished.</exception>
    /// <exception cref="OpusCodecException">The codec reports an error.</exception>
    /// <exception cref="IOException">The output could not be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<float> samples, CancellationToken cancellationToken = default)
    {
        CheckSamples(samples.Span);
        while (!samples.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var taken = Take(samples.Span, out var length);
            samples = samples[taken..];
            FrameCount += taken / Format.Channels;
            if (length > 0)
                await _writer.WritePacketAsync(_packet.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes all audio but the last packet or two readable at the output.</summary>
    /// <exception cref="InvalidOperationException">The stream is finished.</exception>
    /// <exception cref="IOException">The output could not be written.</exception>
    public void Flush() => _writer.Flush();

    /// <summary>Makes all audio but the last packet or two readable at the output. Never blocks on it.</summary>
    /// <param name="cancellationToken">Cancels writing to the output, which cannot be used after that.</param>
    /// <exception cref="InvalidOperationException">The stream is finished.</exception>
    /// <exception cref="IOException">The output could not be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _writer.FlushAsync(cancellationToken);

    /// <summary>
    /// Encodes what is left, filled up with silence, and ends the stream such that it decodes to exactly what was written.
    /// Disposing without it leaves a stream that is cut off.
    /// </summary>
    /// <exception cref="InvalidOperationException">The stream is finished.</exception>
    /// <exception cref="OpusCodecException">The codec reports an error.</exception>
    /// <exception cref="IOException">The output could not be written.</exception>
    public void Finish() => SyncCompletion.Complete(Finish(isAsync: false, CancellationToken.None));

    /// <summary>Ends the stream, as <see cref="Finish()"/> does. Never blocks on the output.</summary>
    /// <param name="cancellationToken">Cancels writing to the output, which cannot be used after that.</param>
    /// <exception cref="InvalidOperationException">The stream is finished.</exception>
    /// <exception cref="OpusCodecException">The codec reports an error.</exception>
    /// <exception cref="IOException">The output could not be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask FinishAsync(CancellationToken cancellationToken = default) => Finish(isAsync: true, cancellationToken);

    /// <summary>Releases the encoder and the writer of packets.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _encoder.Dispose();
        _writer.Dispose();
    }

    /// <summary>Releases the encoder and the writer of packets.</summary>
    public ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return ValueTask.CompletedTask;
        _isDisposed = true;
        _encoder.Dispose();
        return _writer.DisposeAsync();
    }

    private static IOpusEncoder CreateEncoder(Stream stream, IOpusEncoderFactory codec, OpusEncoderOptions? options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(codec);
        return codec.CreateEncoder(options ?? new OpusEncoderOptions());
    }

    private static IOpusPacketWriter CreateWriter(IOpusEncoder encoder, Func<IOpusEncoder, IOpusPacketWriter> createWriter)
    {
        try
        {
            return createWriter(encoder);
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    private void CheckSamples(ReadOnlySpan<float> samples)
    {
        CheckOpen();
        if (samples.Length % Format.Channels != 0)
            throw new ArgumentException("The last frame is not whole.", nameof(samples));
    }

    private void CheckOpen()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_isFinished)
            throw new InvalidOperationException("The stream is finished.");
    }

    // Takes what completes a packet, or all there is; the packet has a length of 0 where there is none yet.
    private int Take(ReadOnlySpan<float> samples, out int packetLength)
    {
        if (_frameFill == 0 && samples.Length >= _frame.Length)
        {
            packetLength = Encode(samples[.._frame.Length]);
            return _frame.Length;
        }

        var count = Math.Min(samples.Length, _frame.Length - _frameFill);
        samples[..count].CopyTo(_frame.AsSpan(_frameFill));
        _frameFill += count;
        packetLength = _frameFill == _frame.Length ? EncodeFrame() : 0;
        return count;
    }

    private async ValueTask Finish(bool isAsync, CancellationToken cancellationToken)
    {
        CheckOpen();
        cancellationToken.ThrowIfCancellationRequested();
        var end = FrameCount + _encoder.Lookahead;
        while (_framesEncoded < end || _framesEncoded == 0)
        {
            _frame.AsSpan(_frameFill).Clear();
            var packet = _packet.AsMemory(0, EncodeFrame());
            if (isAsync)
                await _writer.WritePacketAsync(packet, cancellationToken).ConfigureAwait(false);
            else
                _writer.WritePacket(packet.Span);
        }

        var trim = (int)(_framesEncoded - end) * _fullRateFactor;
        if (isAsync)
            await _writer.FinishAsync(trim, cancellationToken).ConfigureAwait(false);
        else
            _writer.Finish(trim);
        _isFinished = true;
    }

    private int EncodeFrame()
    {
        var length = Encode(_frame);
        _frameFill = 0;
        return length;
    }

    private int Encode(ReadOnlySpan<float> frame)
    {
        var length = _encoder.Encode(frame, _packet);
        _framesEncoded += _encoder.FrameSize;
        _largestPacket = Math.Max(_largestPacket, length);
        return length;
    }
}
