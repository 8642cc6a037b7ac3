using System.Buffers.Binary;

namespace VoiceKit.Opus;

/// <summary>The identification header of an Ogg Opus stream (RFC 7845 §5.1).</summary>
public sealed class OpusHead
{
    private const int VersionAt = 8;
    private const int ChannelsAt = VersionAt + 1;
    private const int PreSkipAt = ChannelsAt + 1;
    private const int InputSampleRateAt = PreSkipAt + 2;
    private const int OutputGainAt = InputSampleRateAt + 4;
    private const int MappingFamilyAt = OutputGainAt + 2;
    private const int BaseSize = MappingFamilyAt + 1;
    private const int StreamCountAt = BaseSize;
    private const int CoupledCountAt = StreamCountAt + 1;
    private const int MappingAt = CoupledCountAt + 1;
    private const byte SilentChannel = 255;

    private static readonly byte[] Mono = [0];
    private static readonly byte[] Stereo = [0, 1];

    // As small as in the file: a chained one may have a head for every hundred bytes.
    private readonly byte[] _mapping;
    private readonly uint _inputSampleRate;
    private readonly ushort _preSkip;
    private readonly byte _version;
    private readonly byte _channels;
    private readonly byte _mappingFamily;
    private readonly byte _streamCount;
    private readonly byte _coupledStreamCount;

    /// <summary>Describes a mono or stereo stream (mapping family 0).</summary>
    /// <param name="channels">1 or 2.</param>
    /// <param name="preSkip">
    /// How many samples, at 48 kHz, a decoder drops at the start, 0…65,535: the encoder's look-ahead.
    /// </param>
    /// <param name="inputSampleRate">The rate of the audio before it was encoded, in Hz; 0 for unknown.</param>
    /// <param name="outputGain">A gain for the decoder to apply, in 1/256 dB; RFC 7845 asks for 0 where it can be had.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public OpusHead(int channels, int preSkip, int inputSampleRate, short outputGain = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(preSkip);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(preSkip, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfNegative(inputSampleRate);
        _version = 1;
        _channels = (byte)channels;
        _preSkip = (ushort)preSkip;
        _inputSampleRate = (uint)inputSampleRate;
        OutputGain = outputGain;
        _streamCount = 1;
        _coupledStreamCount = (byte)(channels - 1);
        _mapping = channels == 1 ? Mono : Stereo;
    }

    /// <summary>Describes what an encoder makes: its channels, and its look-ahead as the pre-skip.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="inputSampleRate">
    /// The rate of the audio before it was encoded, in Hz; null for that of the encoder's PCM.
    /// </param>
    public static OpusHead Of(IOpusEncoder encoder, int? inputSampleRate = null)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        var preSkip = encoder.Lookahead * (OpusRates.Full / encoder.SampleRate);
        return new OpusHead(encoder.Channels, preSkip, inputSampleRate ?? encoder.SampleRate);
    }

    private OpusHead(ReadOnlySpan<byte> data)
    {
        _version = data[VersionAt];
        _channels = data[ChannelsAt];
        _preSkip = BinaryPrimitives.ReadUInt16LittleEndian(data[PreSkipAt..]);
        _inputSampleRate = BinaryPrimitives.ReadUInt32LittleEndian(data[InputSampleRateAt..]);
        OutputGain = BinaryPrimitives.ReadInt16LittleEndian(data[OutputGainAt..]);
        _mappingFamily = data[MappingFamilyAt];
        _streamCount = MappingFamily == 0 ? (byte)1 : data[StreamCountAt];
        _coupledStreamCount = MappingFamily == 0 ? (byte)(Channels - 1) : data[CoupledCountAt];
        _mapping = MappingFamily == 0
            ? Channels == 1 ? Mono : Stereo
            : data.Slice(MappingAt, Channels).ToArray();
    }

    private OpusHead(OpusHead other, int preSkip, short outputGain)
    {
        _version = 1;
        _channels = other._channels;
        _preSkip = (ushort)preSkip;
        _inputSampleRate = other._inputSampleRate;
        OutputGain = outputGain;
        _mappingFamily = other._mappingFamily;
        _streamCount = other._streamCount;
        _coupledStreamCount = other._coupledStreamCount;
        _mapping = other._mapping;
    }

    /// <summary>The bytes with which an OpusHead packet begins.</summary>
    internal static ReadOnlySpan<byte> Magic => "OpusHead"u8;

    /// <summary>The version, 0…15; 1 in all files of today.</summary>
    public int Version => _version;

    /// <summary>The number of output channels, 1…255.</summary>
    public int Channels => _channels;

    /// <summary>How many samples, at 48 kHz, a decoder drops at the start.</summary>
    public int PreSkip => _preSkip;

    /// <summary>The rate of the audio before it was encoded, in Hz: information only; 0 for unknown.</summary>
    public long InputSampleRate => _inputSampleRate;

    /// <summary>A gain that the decoder applies, in 1/256 dB (Q7.8).</summary>
    public short OutputGain { get; }

    /// <summary>The output gain in dB, −128…+128.</summary>
    public double OutputGainDecibels => OutputGain / 256.0;

    /// <summary>
    /// The channel mapping family (§5.1.1): 0 mono or stereo, 1 surround in Vorbis order, 255 channels without meaning.
    /// </summary>
    public int MappingFamily => _mappingFamily;

    /// <summary>The number of Opus streams in each packet, 1…255.</summary>
    public int StreamCount => _streamCount;

    /// <summary>How many of the streams, the first ones, are stereo.</summary>
    public int CoupledStreamCount => _coupledStreamCount;

    /// <summary>For each output channel the decoded channel that it takes, or 255 for silence (§5.1.1).</summary>
    public ReadOnlySpan<byte> Mapping => _mapping;

    /// <summary>The size of the packet, in bytes.</summary>
    internal int Size => MappingFamily == 0 ? BaseSize : MappingAt + Channels;

    /// <summary>The same header with another pre-skip, of the version that is written today.</summary>
    internal OpusHead With(int preSkip) => new(this, preSkip, OutputGain);

    /// <summary>The same header with another output gain, of the version that is written today.</summary>
    internal OpusHead WithGain(short outputGain) => new(this, _preSkip, outputGain);

    /// <summary>Reads the packet.</summary>
    /// <param name="packet">The whole first packet of the stream.</param>
    /// <exception cref="VoiceFormatException">
    /// The packet is no OpusHead, or one that §5.1 refuses; the offset is within the packet.
    /// </exception>
    public static OpusHead Parse(ReadOnlySpan<byte> packet) => Parse(packet, 0);

    /// <summary>Reads the packet, which stands at an offset of the input.</summary>
    internal static OpusHead Parse(ReadOnlySpan<byte> packet, long offset)
    {
        var (fault, at) = FindFault(packet);
        return fault is null
            ? new OpusHead(packet)
            : throw new VoiceFormatException($"OpusHead: {fault} (RFC 7845 §5.1).", offset + at);
    }

    /// <summary>Writes the packet.</summary>
    internal void Write(Span<byte> packet)
    {
        Magic.CopyTo(packet);
        packet[VersionAt] = (byte)Version;
        packet[ChannelsAt] = (byte)Channels;
        BinaryPrimitives.WriteUInt16LittleEndian(packet[PreSkipAt..], (ushort)PreSkip);
        BinaryPrimitives.WriteUInt32LittleEndian(packet[InputSampleRateAt..], (uint)InputSampleRate);
        BinaryPrimitives.WriteInt16LittleEndian(packet[OutputGainAt..], OutputGain);
        packet[MappingFamilyAt] = (byte)MappingFamily;
        if (MappingFamily == 0)
            return;
        packet[StreamCountAt] = (byte)StreamCount;
        packet[CoupledCountAt] = (byte)CoupledStreamCount;
        _mapping.CopyTo(packet[MappingAt..]);
    }

    /// <summary>Whether a packet is an OpusHead that can be read.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> packet) => FindFault(packet).Fault is null;

    private static (string? Fault, int At) FindFault(ReadOnlySpan<byte> packet)
    {
        if (!packet.StartsWith(Magic))
            return ("the packet does not begin with that word", 0);
        if (packet.Length < BaseSize)
            return ($"{packet.Length} bytes are too few", packet.Length);
        if (packet[VersionAt] > 15)
            return ($"version {packet[VersionAt]} is not compatible", VersionAt);
        if (packet[ChannelsAt] == 0)
            return ("it has no channels", ChannelsAt);
        return packet[MappingFamilyAt] == 0
            ? packet[ChannelsAt] <= 2 ? (null, 0) : ($"mapping family 0 with {packet[ChannelsAt]} channels", ChannelsAt)
            : FindMappingFault(packet);
    }

    // §5.1.1: N streams, of which M are coupled, make N + M decoded channels.
    private static (string? Fault, int At) FindMappingFault(ReadOnlySpan<byte> packet)
    {
        int channels = packet[ChannelsAt];
        if (packet.Length < MappingAt + channels)
            return ($"{packet.Length} bytes are too few for a mapping of {channels} channels", packet.Length);
        if (packet[MappingFamilyAt] == 1 && channels > 8)
            return ($"mapping family 1 with {channels} channels", ChannelsAt);

        int streams = packet[StreamCountAt], coupled = packet[CoupledCountAt];
        if (streams == 0)
            return ("it has no streams", StreamCountAt);
        if (coupled > streams || streams + coupled > 255)
            return ($"{coupled} coupled streams among {streams}", CoupledCountAt);
        if (packet[MappingFamilyAt] is 2 or 3)
            return (null, 0); // Ambisonics (RFC 8486); family 3 has a matrix in place of the mapping.

        for (var channel = 0; channel < channels; channel++)
        {
            var index = packet[MappingAt + channel];
            if (index >= streams + coupled && index != SilentChannel)
                return ($"channel {channel} takes decoded channel {index} of {streams + coupled}", MappingAt + channel);
        }

        return (null, 0);
    }
}
