using VoiceKit.Opus;
using Managed = Concentus.Enums;
using ManagedEncoder = Concentus.Structs.OpusEncoder;

namespace VoiceKit.Concentus;

/// <summary>An encoder of Concentus.</summary>
internal sealed class ConcentusEncoder : IOpusEncoder
{
    private const int Auto = -1000; // OPUS_AUTO

    private readonly OpusEncoderOptions _options;
    private readonly ManagedEncoder _encoder;
    private readonly short[] _samples;
    private readonly LongPacket? _long;
    private ExclusiveUse _use;
    private int? _bitrate;
    private bool _predictionDisabled;
    private bool _isDisposed;

    public ConcentusEncoder(OpusEncoderOptions options)
    {
        _options = options;
        _samples = new short[FrameSize * Channels];
        if (options.PacketDuration > LongPacket.LongestFrame)
            _long = new LongPacket(FrameSize / (SampleRate / 50));
        try
        {
            // The factory might choose a native library.
#pragma warning disable CS0618
            _encoder = new ManagedEncoder(
                SampleRate, Channels, (Managed.OpusApplication)OpusDefines.NumberOf(options.Application));
#pragma warning restore CS0618
            Configure();
        }
        catch (Exception exception)
        {
            throw ConcentusError.Create(exception, "Creating the encoder");
        }
    }

    public int SampleRate => _options.SampleRate;

    public int Channels => _options.Channels;

    public int FrameSize => _options.FrameSize;

    public int Lookahead => _encoder.Lookahead;

    public int? Bitrate
    {
        get => _bitrate;
        set
        {
            if (value is { } bitrate)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(bitrate, OpusEncoderOptions.MinBitrate, nameof(value));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(bitrate, OpusEncoderOptions.MaxBitrate, nameof(value));
            }

            _use.Enter(this, _isDisposed);
            _encoder.Bitrate = value ?? Auto;
            _bitrate = value;
            _use.Leave();
        }
    }

    public bool PredictionDisabled
    {
        get => _predictionDisabled;
        set
        {
            _use.Enter(this, _isDisposed);
            _encoder.PredictionDisabled = value;
            _predictionDisabled = value;
            _use.Leave();
        }
    }

    public int Encode(ReadOnlySpan<float> pcm, Span<byte> packet)
    {
        if (pcm.Length != FrameSize * Channels)
            throw new ArgumentException($"A packet takes {FrameSize} × {Channels} floats; got {pcm.Length}.", nameof(pcm));
        if (packet.IsEmpty)
            throw new ArgumentException("No room for a packet.", nameof(packet));

        _use.Enter(this, _isDisposed);
        try
        {
            // Concentus would truncate, which makes noise of what is quiet.
            Pcm16.FromFloats(pcm, _samples);
            return _long is null
                ? _encoder.Encode(_samples, FrameSize, packet, packet.Length)
                : _long.Encode(_encoder, _samples, packet, ConstantSize, _options.MaxBandwidth);
        }
        catch (Exception exception)
        {
            throw ConcentusError.Create(exception, "OpusEncoder.Encode");
        }
        finally
        {
            _use.Leave();
        }
    }

    public void Reset()
    {
        _use.Enter(this, _isDisposed);
        _encoder.ResetState();
        _use.Leave();
    }

    public void Dispose() => _isDisposed = true;

    // How long each packet is where all are as long; 0 where they are not.
    private int ConstantSize
    {
        get
        {
            if (_options.BitrateMode != OpusBitrateMode.Constant)
                return 0;
            var bitrate = _bitrate ?? 60 * 50 + SampleRate * Channels;
            return (int)Math.Round((long)bitrate * FrameSize / (8.0 * SampleRate));
        }
    }

    private void Configure()
    {
        _encoder.Bitrate = _options.Bitrate ?? Auto;
        _encoder.UseVBR = _options.BitrateMode != OpusBitrateMode.Constant;
        _encoder.UseConstrainedVBR = _options.BitrateMode == OpusBitrateMode.ConstrainedVariable;
        _encoder.Complexity = _options.Complexity;
        _encoder.SignalType = (Managed.OpusSignal)OpusDefines.NumberOf(_options.Signal);
        _encoder.MaxBandwidth = (Managed.OpusBandwidth)OpusDefines.NumberOf(_options.MaxBandwidth);
        _encoder.UseDTX = _options.UseDtx;
        _encoder.UseInbandFEC = _options.UseInBandFec;
        _encoder.PacketLossPercent = _options.ExpectedPacketLoss;
        _encoder.PredictionDisabled = _options.PredictionDisabled;
        _bitrate = _options.Bitrate;
        _predictionDisabled = _options.PredictionDisabled;
    }
}
