using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>
/// The PCM of an Ogg Opus stream: skips the pre-skip, trims the end, applies the header gain and conceals what is lost
/// (RFC 7845 §4, §5.1). Allocates nothing per packet. Not thread-safe.
/// </summary>
public sealed class OggOpusAudioReader : IAudioReader
{
    private const int SeekPreRoll = 8 * OggOpusReader.DefaultPreRoll;

    private readonly OggOpusReader _reader;
    private readonly IOpusDecoder _decoder;
    private readonly int _factor;
    private readonly float[] _decoded;
    private int _start;
    private int _end;
    private int _lost;
    private bool _hasPacket;
    private int _link = -1;

    /// <summary>Reads the headers and creates a decoder.</summary>
    /// <param name="stream">Ogg Opus from where the stream stands; it need not be seekable.</param>
    /// <param name="codec">Makes the decoder.</param>
    /// <param name="sampleRate">The rate of the PCM: 8000, 12000, 16000, 24000 or 48000 Hz.</param>
    /// <param name="channels">The channels of the PCM, 1 or 2; null for those of the stream.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <exception cref="VoiceFormatException">It is no Ogg Opus, or has a channel mapping that is not supported.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public OggOpusAudioReader(
        Stream stream,
        IOpusCodec codec,
        int sampleRate = OpusRates.Full,
        int? channels = null,
        OpusReaderOptions? options = null,
        bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(codec);
        _reader = OggOpusReader.Open(stream, options, leaveOpen);
        try
        {
            CheckMapping(_reader.Head);
            _decoder = codec.CreateDecoder(sampleRate, channels ?? _reader.Head.Channels);
        }
        catch
        {
            _reader.Dispose();
            throw;
        }

        _factor = OpusRates.Full / sampleRate;
        Format = new AudioFormat(sampleRate, _decoder.Channels);
        _decoded = new float[OpusPacket.MaxDuration / _factor * Format.Channels];
    }

    /// <inheritdoc/>
    public AudioFormat Format { get; }

    /// <summary>Null: only the end of the stream tells. <see cref="OggOpusInfo"/> knows without decoding.</summary>
    public long? FrameCount => null;

    /// <summary>The identification header of the current link.</summary>
    public OpusHead Head => _reader.Head;

    /// <summary>The comment header of the current link.</summary>
    public OpusTags Tags => _reader.Tags;

    /// <summary>What was found broken so far; the first 1000 of it.</summary>
    public IReadOnlyList<OpusDefect> Defects => _reader.Defects;

    /// <inheritdoc/>
    /// <exception cref="OpusCodecException">The codec reports an error.</exception>
    /// <exception cref="ObjectDisposedException">The reader is disposed.</exception>
    public int Read(Span<float> buffer)
    {
        if (buffer.Length < Format.Channels)
            throw new ArgumentException("The buffer holds no frame.", nameof(buffer));

        var room = buffer[..(buffer.Length - buffer.Length % Format.Channels)];
        while (true)
        {
            if (_start < _end)
                return TakeDecoded(room);
            if (_lost > 0)
                ConcealNext();
            else if (!_hasPacket && !NextPacket())
                return 0;
            else if (_lost == 0 && DecodePacket(room) is var count and > 0)
                return count;
        }
    }

    /// <summary>Whether <see cref="Seek"/> works: whether the stream can seek.</summary>
    public bool CanSeek => _reader.CanSeek;

    /// <summary>
    /// Goes to a frame, to the sample. The decoder is given the 640 ms before it to converge: the 80 ms that RFC 7845 §4.6 asks for
    /// leave differences that can be heard in voiced SILK, whose pitch prediction reaches far back.
    /// </summary>
    /// <param name="frame">Frames of <see cref="Format"/> from the start; beyond the end stands for the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">The frame is negative.</exception>
    /// <exception cref="NotSupportedException">The stream cannot seek.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    /// <exception cref="ObjectDisposedException">The reader is disposed.</exception>
    public void Seek(long frame)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frame, long.MaxValue / _factor);
        _reader.Seek(frame * _factor, SeekPreRoll);
        _decoder.Reset();
        _start = _end = _lost = 0;
        _hasPacket = false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _decoder.Dispose();
        _reader.Dispose();
    }

    // Family 1 with one stream for one or two channels is what family 0 is, in more words.
    private static void CheckMapping(OpusHead head)
    {
        var isPlain = head.Channels <= 2 && head.StreamCount == 1 && head.CoupledStreamCount == head.Channels - 1
            && head.MappingFamily <= 1 && (head.Channels == 1 ? head.Mapping is [0] : head.Mapping is [0, 1]);
        if (!isPlain)
        {
            throw new VoiceFormatException(
                $"Channel mapping family {head.MappingFamily} with {head.Channels} channels is not supported; mono and stereo are.");
        }
    }

    private bool NextPacket()
    {
        if (!_reader.Read())
            return false;
        if (_reader.Link != _link)
            BeginLink();
        _lost = _reader.PacketInfo.LostBefore / _factor;
        _hasPacket = true;
        return true;
    }

    private void BeginLink()
    {
        CheckMapping(_reader.Head);
        _link = _reader.Link;
        _decoder.Reset();
        _decoder.Gain = _reader.Head.OutputGain;
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
            _decoder.DecodeFec(_reader.Packet, pcm);
        else
            _decoder.Conceal(pcm);

        (_start, _end) = (0, frames * Format.Channels);
        _lost -= frames;
    }

    private int DecodePacket(Span<float> room)
    {
        _hasPacket = false;
        var info = _reader.PacketInfo;
        var size = info.Duration / _factor * Format.Channels;
        if (info.Playable == info.Duration && room.Length >= size)
        {
            _decoder.Decode(_reader.Packet, room);
            return size;
        }

        // At a lower rate each sample stands for a place on the 48 kHz time line; those within what is to be heard are kept.
        _decoder.Decode(_reader.Packet, _decoded);
        _start = CeilingDivide(info.TrimStart) * Format.Channels;
        _end = CeilingDivide(info.Duration - info.TrimEnd) * Format.Channels;
        return TakeDecoded(room);
    }

    private int TakeDecoded(Span<float> room)
    {
        var count = Math.Min(room.Length, _end - _start);
        _decoded.AsSpan(_start, count).CopyTo(room);
        _start += count;
        return count;
    }

    private int CeilingDivide(int samples) => (samples + _factor - 1) / _factor;
}
