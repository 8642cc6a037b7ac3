using VoiceKit.Opus;

namespace VoiceKit.Containers;

/// <summary>
/// Decodes the packets of a reader, each with a decoder that fits its link: another header may say other channels and another
/// gain. The decoder stays where the layout does, and begins anew with each link.
/// </summary>
internal sealed class OpusLinkDecoder : IDisposable
{
    private readonly IOpusPacketReader _reader;
    private readonly IOpusDecoderFactory _codec;
    private readonly int _sampleRate;
    private readonly int _channels;
    private IOpusDecoder _decoder;
    private OpusHead _layout;
    private int _link = -1;
    private HashSet<int>? _unplayable;
    private float[]? _noise;
    private bool _isInDtx;

    /// <summary>Makes a decoder for the link that the reader is at.</summary>
    /// <exception cref="VoiceFormatException">The channel mapping gives the channels no meaning.</exception>
    public OpusLinkDecoder(IOpusPacketReader reader, IOpusDecoderFactory codec, int sampleRate, int channels)
    {
        (_reader, _codec, _sampleRate) = (reader, codec, sampleRate);
        _layout = reader.Head;
        _decoder = CreateDecoder(_layout, channels);
        _channels = _decoder.Channels;
    }

    public int Channels => _channels;

    /// <inheritdoc cref="OpusAudioReader.GainMode"/>
    public OpusGainMode GainMode { get; set; }

    /// <inheritdoc cref="OpusAudioReader.RepeatsInDtx"/>
    public bool RepeatsInDtx { get; set; }

    /// <summary>Whether it is known what the channels are (RFC 7845 §5.1.1.3).</summary>
    public static bool HasMeaning(OpusHead head) => head.MappingFamily <= 1;

    /// <summary>What to say of a link whose channels have no meaning.</summary>
    public static VoiceFormatException Meaningless(OpusHead head) => new(
        $"Channel mapping family {head.MappingFamily} says nothing of what its {head.Channels} channels are: it is not played"
        + " (RFC 7845 §5.1.1.3).");

    /// <summary>Takes the reader's packet as the next one, and begins its link where it is the first of it.</summary>
    /// <exception cref="VoiceFormatException">The reader is strict, and the channels of the link have no meaning.</exception>
    public void BeginPacket()
    {
        if (_reader.Link != _link)
            BeginLink();
    }

    /// <summary>Decodes the reader's packet.</summary>
    public void Decode(Span<float> pcm)
    {
        if (RepeatsInDtx)
            DecodeOrRepeat(pcm);
        else
            _decoder.Decode(_reader.Packet, pcm);
    }

    /// <summary>Decodes what was lost before the reader's packet, of what the packet says about it.</summary>
    public void DecodeFec(Span<float> pcm) => _decoder.DecodeFec(_reader.Packet, pcm);

    /// <summary>Makes up what is lost.</summary>
    public void Conceal(Span<float> pcm) => _decoder.Conceal(pcm);

    /// <summary>Ends a pause of DTX: what comes next does not follow what was decoded.</summary>
    public void Forget() => _isInDtx = false;

    /// <summary>Decodes what comes as if nothing came before.</summary>
    public void Reset() => _decoder.Reset();

    /// <summary>Has the next packet, whatever it is, decoded as the first of a link.</summary>
    public void ForgetLink() => _link = -1;

    public void Dispose() => _decoder.Dispose();

    private void BeginLink()
    {
        var head = _reader.Head;
        if (!HasMeaning(head))
            Replace(head, Silence(head));
        else if (!HasMeaning(_layout) || !HaveOneLayout(_layout, head))
            Replace(head, CreateDecoder(head, _channels));
        else
            _decoder.Reset();
        _decoder.Gain = GainOf(head, _reader.Tags);
        _link = _reader.Link;
    }

    private void Replace(OpusHead head, IOpusDecoder decoder)
    {
        _decoder.Dispose();
        (_layout, _decoder) = (head, decoder);
    }

    // A single stream is mixed by the codec itself.
    private IOpusDecoder CreateDecoder(OpusHead head, int channels)
    {
        if (!HasMeaning(head))
            throw Meaningless(head);
        return IsPlain(head)
            ? _codec.CreateDecoder(_sampleRate, channels)
            : new OpusSurroundDecoder(_codec, head, _sampleRate, channels);
    }

    private static bool IsPlain(OpusHead head) =>
        head.Channels <= 2 && head.StreamCount == 1 && head.CoupledStreamCount == head.Channels - 1
        && (head.Channels == 1 ? head.Mapping is [0] : head.Mapping is [0, 1]);

    private static bool HaveOneLayout(OpusHead one, OpusHead other) => IsPlain(one)
        ? IsPlain(other)
        : one.StreamCount == other.StreamCount && one.CoupledStreamCount == other.CoupledStreamCount
            && one.MappingFamily == other.MappingFamily && one.Mapping.SequenceEqual(other.Mapping);

    // The time of the link passes, so that all positions are true.
    private SilentOpusDecoder Silence(OpusHead head)
    {
        _unplayable ??= [];
        if (!_unplayable.Contains(_reader.Link))
            _reader.ReportDefect(OpusDefectKind.BadLink, Meaningless(head).Message);
        _unplayable.Add(_reader.Link);
        return new SilentOpusDecoder(_sampleRate, _channels);
    }

    // RFC 7845 §5.2.1: the gains of tags come on top of the header's.
    private short GainOf(OpusHead head, OpusTags tags)
    {
        var extra = GainMode switch
        {
            OpusGainMode.Track => tags.TrackGain,
            OpusGainMode.Album => tags.AlbumGain ?? tags.TrackGain,
            _ => null,
        };
        return GainMode == OpusGainMode.None
            ? (short)0
            : (short)Math.Clamp(head.OutputGain + (extra ?? 0), short.MinValue, short.MaxValue);
    }

    // The frames of a packet of DTX have a byte at most: the decoder makes up noise for it, and does so for each of a pause
    // alike.
    private void DecodeOrRepeat(Span<float> pcm)
    {
        var isDtx = _reader.Packet.Length <= 2;
        if (isDtx && _isInDtx)
        {
            _noise.AsSpan(0, pcm.Length).CopyTo(pcm);
            return;
        }

        _decoder.Decode(_reader.Packet, pcm);
        _isInDtx = isDtx;
        if (isDtx)
            pcm.CopyTo(_noise ??= new float[OpusPacket.MaxDuration / (OpusRates.Full / _sampleRate) * _channels]);
    }
}
