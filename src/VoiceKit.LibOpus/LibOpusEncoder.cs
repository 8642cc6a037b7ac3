using VoiceKit.LibOpus.Interop;
using VoiceKit.Opus;

namespace VoiceKit.LibOpus;

/// <summary>An encoder of libopus.</summary>
internal sealed unsafe class LibOpusEncoder : IOpusEncoder
{
    private const int AutoBitrate = -1000; // OPUS_AUTO

    private readonly OpusEncoderHandle _handle;
    private ExclusiveUse _use;
    private int? _bitrate;
    private bool _predictionDisabled;

    public LibOpusEncoder(OpusEncoderOptions options)
    {
        SampleRate = options.SampleRate;
        Channels = options.Channels;
        FrameSize = options.FrameSize;
        _handle = NativeMethods.EncoderCreate(SampleRate, Channels, OpusDefines.NumberOf(options.Application), out var error);
        if (error < 0 || _handle.IsInvalid)
        {
            _handle.Dispose();
            throw LibOpusError.Create(error, "opus_encoder_create");
        }

        try
        {
            Configure(options);
            Lookahead = Get(OpusRequest.GetLookahead);
        }
        catch
        {
            _handle.Dispose();
            throw;
        }
    }

    public int SampleRate { get; }

    public int Channels { get; }

    public int FrameSize { get; }

    public int Lookahead { get; }

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

            SetExclusively(OpusRequest.SetBitrate, value ?? AutoBitrate);
            _bitrate = value;
        }
    }

    public bool PredictionDisabled
    {
        get => _predictionDisabled;
        set
        {
            SetExclusively(OpusRequest.SetPredictionDisabled, value ? 1 : 0);
            _predictionDisabled = value;
        }
    }

    public int Encode(ReadOnlySpan<float> pcm, Span<byte> packet)
    {
        if (pcm.Length != FrameSize * Channels)
            throw new ArgumentException($"A packet takes {FrameSize} × {Channels} floats; got {pcm.Length}.", nameof(pcm));
        if (packet.IsEmpty)
            throw new ArgumentException("No room for a packet.", nameof(packet));

        _use.Enter(this, _handle.IsClosed);
        try
        {
            fixed (float* samples = pcm)
            fixed (byte* data = packet)
            {
                var length = NativeMethods.EncodeFloat(_handle, samples, FrameSize, data, packet.Length);
                return LibOpusError.ThrowIfError(length, "opus_encode_float");
            }
        }
        finally
        {
            _use.Leave();
        }
    }

    public void Reset() => SetExclusively(OpusRequest.ResetState, 0);

    public void Dispose() => _handle.Dispose();

    private void Configure(OpusEncoderOptions options)
    {
        Set(OpusRequest.SetBitrate, options.Bitrate ?? AutoBitrate);
        Set(OpusRequest.SetVbr, options.BitrateMode == OpusBitrateMode.Constant ? 0 : 1);
        Set(OpusRequest.SetVbrConstraint, options.BitrateMode == OpusBitrateMode.ConstrainedVariable ? 1 : 0);
        Set(OpusRequest.SetComplexity, options.Complexity);
        Set(OpusRequest.SetSignal, OpusDefines.NumberOf(options.Signal));
        Set(OpusRequest.SetMaxBandwidth, OpusDefines.NumberOf(options.MaxBandwidth));
        Set(OpusRequest.SetDtx, options.UseDtx ? 1 : 0);
        Set(OpusRequest.SetInBandFec, options.UseInBandFec ? 1 : 0);
        Set(OpusRequest.SetPacketLossPercentage, options.ExpectedPacketLoss);
        Set(OpusRequest.SetPredictionDisabled, options.PredictionDisabled ? 1 : 0);
        _bitrate = options.Bitrate;
        _predictionDisabled = options.PredictionDisabled;
    }

    private void SetExclusively(OpusRequest request, int value)
    {
        _use.Enter(this, _handle.IsClosed);
        try
        {
            Set(request, value);
        }
        finally
        {
            _use.Leave();
        }
    }

    private void Set(OpusRequest request, int value) => Control(request, value);

    private int Get(OpusRequest request)
    {
        int value;
        Control(request, (nint)(&value));
        return value;
    }

    private void Control(OpusRequest request, nint value)
    {
        var result = LibOpusPlatform.PassesVariadicArgumentsOnTheStack
            ? NativeMethods.EncoderCtlApple(_handle, (int)request, 0, 0, 0, 0, 0, 0, value)
            : NativeMethods.EncoderCtl(_handle, (int)request, value);
        if (result < 0)
            throw LibOpusError.Create(result, $"opus_encoder_ctl({request})");
    }
}
