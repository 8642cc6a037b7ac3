using VoiceKit.LibOpus.Interop;
using VoiceKit.Opus;

namespace VoiceKit.LibOpus;

/// <summary>A decoder of libopus.</summary>
internal sealed unsafe class LibOpusDecoder : IOpusDecoder
{
    private readonly OpusDecoderHandle _handle;
    private ExclusiveUse _use;
    private short _gain;

    public LibOpusDecoder(int sampleRate, int channels)
    {
        SampleRate = sampleRate;
        Channels = channels;
        _handle = NativeMethods.DecoderCreate(sampleRate, channels, out var error);
        if (error < 0 || _handle.IsInvalid)
        {
            _handle.Dispose();
            throw LibOpusError.Create(error, "opus_decoder_create");
        }
    }

    public int SampleRate { get; }

    public int Channels { get; }

    public short Gain
    {
        get => _gain;
        set
        {
            Control(OpusRequest.SetGain, value);
            _gain = value;
        }
    }

    public int Decode(ReadOnlySpan<byte> packet, Span<float> pcm)
    {
        var duration = OpusPacket.Parse(packet).Duration;
        var frames = duration / (OpusRates.Full / SampleRate);
        if (pcm.Length < frames * Channels)
            throw new ArgumentException(
                $"The packet decodes to {frames} × {Channels} floats; there is room for {pcm.Length}.", nameof(pcm));
        return Decode(packet, pcm, frames, fec: false);
    }

    public int DecodeFec(ReadOnlySpan<byte> nextPacket, Span<float> pcm)
    {
        OpusPacket.Parse(nextPacket);
        return Decode(nextPacket, pcm, LostFrames(pcm), fec: true);
    }

    public int Conceal(Span<float> pcm) => Decode(default, pcm, LostFrames(pcm), fec: false);

    public void Reset() => Control(OpusRequest.ResetState, 0);

    public void Dispose() => _handle.Dispose();

    private int LostFrames(Span<float> pcm)
    {
        var unit = SampleRate / 400 * Channels;
        if (pcm.IsEmpty || pcm.Length % unit != 0 || pcm.Length > 48 * unit)
            throw new ArgumentException("Lost time is a multiple of 2.5 ms, at most 120 ms.", nameof(pcm));
        return pcm.Length / Channels;
    }

    private int Decode(ReadOnlySpan<byte> packet, Span<float> pcm, int frames, bool fec)
    {
        _use.Enter(this, _handle.IsClosed);
        try
        {
            fixed (byte* data = packet)
            fixed (float* samples = pcm)
            {
                var decoded = NativeMethods.DecodeFloat(_handle, data, packet.Length, samples, frames, fec ? 1 : 0);
                return LibOpusError.ThrowIfError(decoded, "opus_decode_float");
            }
        }
        finally
        {
            _use.Leave();
        }
    }

    private void Control(OpusRequest request, nint value)
    {
        _use.Enter(this, _handle.IsClosed);
        try
        {
            var result = LibOpusPlatform.PassesVariadicArgumentsOnTheStack
                ? NativeMethods.DecoderCtlApple(_handle, (int)request, 0, 0, 0, 0, 0, 0, value)
                : NativeMethods.DecoderCtl(_handle, (int)request, value);
            if (result < 0)
                throw LibOpusError.Create(result, $"opus_decoder_ctl({request})");
        }
        finally
        {
            _use.Leave();
        }
    }
}
