using VoiceKit.Audio;
using VoiceKit.Opus;

namespace VoiceKit.Containers;

/// <summary>
/// The PCM of Opus in any container: skips the pre-skip, trims the end, applies gains, conceals what is lost and mixes surround
/// down (RFC 7845 §4, §5.1). Allocates nothing per packet. Not thread-safe.
/// </summary>
public sealed class OpusAudioReader : IAwaitedAudioReader
{
    private readonly IOpusPacketReader _reader;
    private readonly OpusLinkDecoder _decoder;
    private readonly int _factor;
    private readonly float[] _decoded;
    private int _start;
    private int _end;
    private int _lost;
    private bool _hasPacket;
    private bool _isAtNewPacket;
    private SoftClipper? _clipper;
    private bool _isDisposed;

    /// <summary>Reads the headers and creates a decoder.</summary>
    /// <param name="stream">The container from where the stream stands; see <see cref="OpusContainers.Open"/>.</param>
    /// <param name="decoder">Makes the decoder; null for that of the library, which works on every system.</param>
    /// <param name="sampleRate">The rate of the PCM: 8000, 12000, 16000, 24000 or 48000 Hz.</param>
    /// <param name="channels">The channels of the PCM, 1 or 2; null for those of the message, surround as stereo.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <exception cref="VoiceFormatException">There is no Opus in it, or it has a channel mapping without a meaning.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public OpusAudioReader(
        Stream stream,
        IOpusDecoderFactory? decoder = null,
        int sampleRate = OpusRates.Full,
        int? channels = null,
        OpusReaderOptions? options = null,
        bool leaveOpen = false)
        : this(OpusContainers.Open(stream, options, leaveOpen), decoder, sampleRate, channels)
    {
    }

    /// <summary>Creates a decoder.</summary>
    /// <param name="reader">The packets; disposed with this object, or at once when it cannot be made.</param>
    /// <param name="decoder">Makes the decoder; null for that of the library, which works on every system.</param>
    /// <param name="sampleRate">The rate of the PCM: 8000, 12000, 16000, 24000 or 48000 Hz.</param>
    /// <param name="channels">The channels of the PCM, 1 or 2; null for those of the message, surround as stereo.</param>
    /// <exception cref="VoiceFormatException">The channel mapping gives the channels no meaning.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded.</exception>
    public OpusAudioReader(
        IOpusPacketReader reader, IOpusDecoderFactory? decoder = null, int sampleRate = OpusRates.Full, int? channels = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _reader = reader;
        try
        {
            _decoder = new OpusLinkDecoder(
                reader, decoder ?? DefaultOpusDecoder.Factory, sampleRate, channels ?? Math.Min(2, reader.Head.Channels));
        }
        catch
        {
            reader.Dispose();
            throw;
        }

        _factor = OpusRates.Full / sampleRate;
        Format = new AudioFormat(sampleRate, _decoder.Channels);
        _decoded = new float[OpusPacket.MaxDuration / _factor * Format.Channels];
    }

    /// <summary>Which gains are applied.</summary>
    /// <value>That of the header by default.</value>
    internal OpusGainMode GainMode
    {
        get => _decoder.GainMode;
        init => _decoder.GainMode = value;
    }

    /// <summary>
    /// Whether samples beyond full scale are bent down to it without a click, as libopus does for its own 16-bit output. It is
    /// for PCM that goes where no sample is beyond 1: files of integers, devices.
    /// </summary>
    /// <value>False by default: samples are what the decoder gives.</value>
    public bool SoftClips { get; init; }

    /// <summary>
    /// Whether the first packet of a pause of DTX is repeated to its end, which takes no decoding and is as loud.
    /// </summary>
    internal bool RepeatsInDtx
    {
        get => _decoder.RepeatsInDtx;
        init => _decoder.RepeatsInDtx = value;
    }

    /// <inheritdoc/>
    public AudioFormat Format { get; }

    /// <summary>
    /// Always null, since only the end of the stream tells the length. <see cref="OpusInfo"/> finds it without decoding.
    /// </summary>
    public long? FrameCount => null;

    /// <summary>The identification header of the current link.</summary>
    public OpusHead Head => _reader.Head;

    /// <summary>The comment header of the current link.</summary>
    public OpusTags Tags => _reader.Tags;

    /// <summary>What was found broken so far; the first 1000 of it.</summary>
    public IReadOnlyList<OpusDefect> Defects => _reader.Defects;

    /// <inheritdoc/>
    /// <remarks>
    /// A later link of a chained file may have a channel mapping without a meaning. It is given as silence of the same length and
    /// listed as a defect; where the reader is strict, it throws each time.
    /// </remarks>
    /// <exception cref="VoiceFormatException">The reader is strict and finds a defect.</exception>
    /// <exception cref="OpusCodecException">The codec reports an error.</exception>
    /// <exception cref="ObjectDisposedException">The reader is disposed.</exception>
    public int Read(Span<float> buffer)
    {
        var room = WholeFramesOf(buffer);
        while (true)
        {
            if (TryGive(room, out var count))
                return count;
            if (!_isAtNewPacket && !_reader.Read())
                return 0;
            BeginPacket();
        }
    }

    /// <summary>Reads the next frames, as <see cref="Read"/> does. Never blocks on the stream.</summary>
    /// <param name="buffer">Receives interleaved samples, as many whole frames as fit; at least one.</param>
    /// <param name="cancellationToken">Ends the wait for input; reading can go on.</param>
    /// <returns>The number of floats written, a multiple of the channels; 0 at the end.</returns>
    /// <exception cref="ArgumentException">The buffer holds no frame.</exception>
    /// <exception cref="VoiceFormatException">The reader is strict and finds a defect.</exception>
    /// <exception cref="OpusCodecException">The codec reports an error.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The reader is disposed.</exception>
    public async ValueTask<int> ReadAsync(Memory<float> buffer, CancellationToken cancellationToken = default)
    {
        var room = buffer[..WholeFramesOf(buffer.Span).Length];
        while (true)
        {
            if (TryGive(room.Span, out var count))
                return count;
            if (!_isAtNewPacket && !await _reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                return 0;
            BeginPacket();
        }
    }

    /// <summary>Whether <see cref="Seek"/> works: where the stream can seek.</summary>
    public bool CanSeek => _reader.CanSeek;

    /// <summary>
    /// Goes to a frame, to the sample. The decoder is given the 640 ms before it to converge: the 80 ms that RFC 7845 §4.6 asks
    /// for leave differences that can be heard in voiced SILK, whose pitch prediction reaches far back.
    /// </summary>
    /// <param name="frame">Frames of <see cref="Format"/> from the start; beyond the end stands for the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">The frame is negative.</exception>
    /// <exception cref="NotSupportedException">The stream cannot seek.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    /// <exception cref="ObjectDisposedException">The reader is disposed.</exception>
    public void Seek(long frame)
    {
        CheckSeek(frame);
        try
        {
            _reader.Seek(frame * _factor, OpusPreRoll.Seek);
        }
        catch when (_reader.Packet.IsEmpty)
        {
            Forget();
            throw;
        }

        Forget();
        _decoder.Reset();
    }

    /// <summary>Goes to a frame, as <see cref="Seek"/> does. Never blocks on the stream.</summary>
    /// <param name="frame">Frames of <see cref="Format"/> from the start; beyond the end stands for the end.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="ArgumentOutOfRangeException">The frame is negative.</exception>
    /// <exception cref="NotSupportedException">The stream cannot seek.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    /// <exception cref="ObjectDisposedException">The reader is disposed.</exception>
    public async ValueTask SeekAsync(long frame, CancellationToken cancellationToken = default)
    {
        CheckSeek(frame);
        try
        {
            await _reader.SeekAsync(frame * _factor, OpusPreRoll.Seek, cancellationToken).ConfigureAwait(false);
        }
        catch when (_reader.Packet.IsEmpty)
        {
            Forget();
            throw;
        }

        Forget();
        _decoder.Reset();
    }

    /// <summary>How many frames come of a packet and of what is lost before it.</summary>
    /// <param name="info">The packet.</param>
    /// <param name="factor">How many samples at 48 kHz a frame stands for.</param>
    internal static int FramesOf(OpusPacketInfo info, int factor) => info.LostBefore / factor
        + CeilingDivide(info.Duration - info.TrimEnd, factor) - CeilingDivide(info.TrimStart, factor);

    /// <summary>Has the next packet, whatever it is, decoded as the first of a link.</summary>
    internal void Restart()
    {
        Forget();
        _decoder.ForgetLink();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _decoder.Dispose();
        _reader.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return ValueTask.CompletedTask;
        _isDisposed = true;
        _decoder.Dispose();
        return _reader.DisposeAsync();
    }

    private Span<float> WholeFramesOf(Span<float> buffer)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return buffer.Length >= Format.Channels
            ? buffer[..(buffer.Length - buffer.Length % Format.Channels)]
            : throw new ArgumentException("The buffer holds no frame.", nameof(buffer));
    }

    private void CheckSeek(long frame)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frame, long.MaxValue / _factor);
    }

    // False where another packet is needed first.
    private bool TryGive(Span<float> room, out int count)
    {
        while (true)
        {
            if (_start < _end)
            {
                count = TakeDecoded(room);
                return true;
            }

            if (_lost > 0)
            {
                ConcealNext();
            }
            else if (!_hasPacket)
            {
                count = 0;
                return false;
            }
            else if ((count = DecodePacket(room)) > 0)
            {
                return true;
            }
        }
    }

    // What is decoded already, or waits for it.
    private void Forget()
    {
        _start = _end = _lost = 0;
        _hasPacket = _isAtNewPacket = false;
        _decoder.Forget();
        _clipper?.Reset();
    }

    // Where the link cannot be begun, its first packet is still to come.
    private void BeginPacket()
    {
        _isAtNewPacket = true;
        _decoder.BeginPacket();
        _isAtNewPacket = false;
        _lost = _reader.PacketInfo.LostBefore / _factor;
        _hasPacket = true;
    }

    // The time just before the packet may be recovered from the packet itself; what is before that is made up.
    private void ConcealNext()
    {
        var unit = Format.SampleRate / 400;
        var packet = _reader.PacketInfo.Duration / _factor;
        var frames = _lost > packet ? Math.Min(_lost - packet, 48 * unit) : _lost;
        var whole = (frames + unit - 1) / unit * unit;
        var pcm = _decoded.AsSpan(0, whole * Format.Channels);
        if (frames == packet)
            _decoder.DecodeFec(pcm);
        else
            _decoder.Conceal(pcm);

        (_start, _end) = (0, frames * Format.Channels);
        Clip(_decoded.AsSpan(0, _end));
        _lost -= frames;
    }

    private int DecodePacket(Span<float> room)
    {
        _hasPacket = false;
        var info = _reader.PacketInfo;
        var size = info.Duration / _factor * Format.Channels;
        if (info.Playable == info.Duration && room.Length >= size)
        {
            _decoder.Decode(room[..size]);
            Clip(room[..size]);
            return size;
        }

        // At a lower rate each sample stands for a place on the 48 kHz time line; those within what is to be heard are kept.
        _decoder.Decode(_decoded.AsSpan(0, size));
        _start = CeilingDivide(info.TrimStart, _factor) * Format.Channels;
        _end = CeilingDivide(info.Duration - info.TrimEnd, _factor) * Format.Channels;
        Clip(_decoded.AsSpan(_start, Math.Max(0, _end - _start)));
        return TakeDecoded(room);
    }

    private void Clip(Span<float> pcm)
    {
        if (SoftClips)
            (_clipper ??= new SoftClipper(Format.Channels)).Process(pcm);
    }

    private int TakeDecoded(Span<float> room)
    {
        var count = Math.Min(room.Length, _end - _start);
        _decoded.AsSpan(_start, count).CopyTo(room);
        _start += count;
        return count;
    }

    private static int CeilingDivide(int samples, int factor) => (samples + factor - 1) / factor;
}
