using VoiceKit.Audio;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Containers;

/// <summary>
/// Writes PCM as Ogg Opus: encodes, and keeps the exact length through pre-skip and end trimming (RFC 7845 §4.2, §4.4, §7). Works
/// on live audio: any number of frames at a time. Allocates nothing per packet. Not thread-safe.
/// </summary>
public sealed class OggOpusAudioWriter : IDisposable
{
    private readonly IOpusEncoder _encoder;
    private readonly OggOpusWriter _writer;
    private readonly byte[] _packet = new byte[OpusPacket.MaxEncodedSize];
    private readonly float[] _frame;
    private readonly int _fullRateFactor;
    private int _frameFill;
    private long _framesEncoded;
    private int _largestPacket;

    /// <summary>Creates an encoder and writes the headers' data.</summary>
    /// <param name="stream">Where the bytes go.</param>
    /// <param name="codec">Makes the encoder.</param>
    /// <param name="encoderOptions">The encoder's settings, and with them the format of the PCM; null for the defaults.</param>
    /// <param name="comments">The comments of OpusTags; the vendor is the codec's name.</param>
    /// <param name="writerOptions">How to write pages; null for the defaults.</param>
    /// <param name="inputSampleRate">The rate of the original audio in Hz, for the header; null for that of the PCM.</param>
    /// <param name="vendor">Replaces the codec's name as the vendor of OpusTags.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is disposed.</param>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or refuses a setting.</exception>
    public OggOpusAudioWriter(
        Stream stream,
        IOpusCodec codec,
        OpusEncoderOptions? encoderOptions = null,
        IEnumerable<OpusComment>? comments = null,
        OggOpusWriterOptions? writerOptions = null,
        int? inputSampleRate = null,
        string? vendor = null,
        bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(codec);
        var tags = new OpusTags(vendor ?? codec.Name, comments ?? []);
        _encoder = codec.CreateEncoder(encoderOptions ?? new OpusEncoderOptions());
        _fullRateFactor = OpusRates.Full / _encoder.SampleRate;
        _frame = new float[_encoder.FrameSize * _encoder.Channels];
        Format = new AudioFormat(_encoder.SampleRate, _encoder.Channels);
        var head = new OpusHead(_encoder.Channels, _encoder.Lookahead * _fullRateFactor, inputSampleRate ?? _encoder.SampleRate);
        _writer = new OggOpusWriter(stream, head, tags, writerOptions, leaveOpen);
    }

    /// <summary>The format of the PCM.</summary>
    public AudioFormat Format { get; }

    /// <summary>How many frames, at the rate of <see cref="Format"/>, were written so far.</summary>
    public long FrameCount { get; private set; }

    /// <summary>How many bytes finishing now would add, at most, as packets have been so far.</summary>
    internal long PendingSize
    {
        get
        {
            var packets = (_frameFill / Format.Channels + _encoder.Lookahead) / _encoder.FrameSize + 1;
            return _writer.PendingSize + packets * (2L * _largestPacket + 64);
        }
    }

    /// <inheritdoc cref="OggOpusMuxer.PreviewEnd"/>
    internal byte[] PreviewEnd() => _writer.PreviewEnd();

    /// <summary>Encodes PCM.</summary>
    /// <param name="samples">Any number of whole frames.</param>
    /// <exception cref="ArgumentException">The last frame is not whole.</exception>
    /// <exception cref="InvalidOperationException">The stream is finished.</exception>
    /// <exception cref="IOException">The output could not be written.</exception>
    public void Write(ReadOnlySpan<float> samples)
    {
        if (samples.Length % Format.Channels != 0)
            throw new ArgumentException("The last frame is not whole.", nameof(samples));

        FrameCount += samples.Length / Format.Channels;
        while (!samples.IsEmpty)
        {
            if (_frameFill == 0 && samples.Length >= _frame.Length)
            {
                Encode(samples[.._frame.Length]);
                samples = samples[_frame.Length..];
                continue;
            }

            var count = Math.Min(samples.Length, _frame.Length - _frameFill);
            samples[..count].CopyTo(_frame.AsSpan(_frameFill));
            samples = samples[count..];
            _frameFill += count;
            if (_frameFill == _frame.Length)
                EncodeFrame();
        }
    }

    /// <summary>Makes all audio but the last packet or two readable at the output.</summary>
    /// <exception cref="InvalidOperationException">The stream is finished.</exception>
    /// <exception cref="IOException">The output could not be written.</exception>
    public void Flush() => _writer.Flush();

    /// <summary>
    /// Encodes what is left, filled up with silence, and ends the stream such that it decodes to exactly what was written.
    /// Disposing without it leaves a stream that is cut off.
    /// </summary>
    /// <exception cref="InvalidOperationException">The stream is finished.</exception>
    /// <exception cref="IOException">The output could not be written.</exception>
    public void Finish()
    {
        var end = FrameCount + _encoder.Lookahead;
        while (_framesEncoded < end || _framesEncoded == 0)
        {
            _frame.AsSpan(_frameFill).Clear();
            EncodeFrame();
        }

        _writer.Finish((int)(_framesEncoded - end) * _fullRateFactor);
    }

    /// <summary>Releases the encoder and, unless it is to stay open, the stream.</summary>
    public void Dispose()
    {
        _encoder.Dispose();
        _writer.Dispose();
    }

    private void EncodeFrame()
    {
        Encode(_frame);
        _frameFill = 0;
    }

    private void Encode(ReadOnlySpan<float> frame)
    {
        var length = _encoder.Encode(frame, _packet);
        _framesEncoded += _encoder.FrameSize;
        _largestPacket = Math.Max(_largestPacket, length);
        _writer.WritePacket(_packet.AsSpan(0, length));
    }
}
