using VoiceKit.Opus;
using ManagedDecoder = Concentus.Structs.OpusDecoder;

namespace VoiceKit.Concentus;

/// <summary>A decoder of Concentus.</summary>
/// <remarks>
/// Below 48 kHz Concentus loses the SILK part of hybrid packets, which is nearly all of the voice. From the first hybrid packet
/// on, all is therefore decoded at 48 kHz and brought to the lower rate here.
/// </remarks>
internal sealed class ConcentusDecoder : IOpusDecoder
{
    private readonly ManagedDecoder _direct;
    private readonly short[] _samples;
    private readonly byte[] _single = new byte[1 + OpusPacket.MaxFrameSize];
    private byte[] _previous = [];
    private int _previousLength;
    private ManagedDecoder? _full;
    private Decimator? _decimator;
    private ExclusiveUse _use;
    private bool _isDisposed;

    public ConcentusDecoder(int sampleRate, int channels)
    {
        SampleRate = sampleRate;
        Channels = channels;
        _samples = new short[OpusPacket.MaxDuration * channels];
        _direct = Create(sampleRate);
    }

    public int SampleRate { get; }

    public int Channels { get; }

    public short Gain
    {
        get => (short)_direct.Gain;
        set
        {
            _use.Enter(this, _isDisposed);
            _direct.Gain = value;
            if (_full is not null)
                _full.Gain = value;
            _use.Leave();
        }
    }

    private int Factor => OpusRates.Full / SampleRate;

    public int Decode(ReadOnlySpan<byte> packet, Span<float> pcm)
    {
        var parsed = OpusPacket.Parse(packet);
        var frames = parsed.Duration / Factor;
        if (pcm.Length < frames * Channels)
        {
            throw new ArgumentException(
                $"The packet decodes to {frames} × {Channels} floats; there is room for {pcm.Length}.", nameof(pcm));
        }

        _use.Enter(this, _isDisposed);
        try
        {
            NeedHybrid(parsed.Toc);
            Decode(_full ?? _direct, parsed);
            Remember(packet);
            return Give(frames, pcm);
        }
        catch (Exception exception)
        {
            throw ConcentusError.Create(exception, "OpusDecoder.Decode");
        }
        finally
        {
            _use.Leave();
        }
    }

    public int DecodeFec(ReadOnlySpan<byte> nextPacket, Span<float> pcm)
    {
        var parsed = OpusPacket.Parse(nextPacket);
        return Recover(IsEmpty(parsed.GetFrame(0)) ? default : nextPacket, LostFrames(pcm), pcm);
    }

    public int Conceal(Span<float> pcm) => Recover(default, LostFrames(pcm), pcm);

    public void Reset()
    {
        _use.Enter(this, _isDisposed);
        _direct.ResetState();
        _full = null;
        _decimator = null;
        _previousLength = 0;
        _use.Leave();
    }

    public void Dispose() => _isDisposed = true;

    private ManagedDecoder Create(int sampleRate)
    {
        try
        {
            // The factory might choose a native library.
#pragma warning disable CS0618
            return new ManagedDecoder(sampleRate, Channels);
#pragma warning restore CS0618
        }
        catch (Exception exception)
        {
            throw ConcentusError.Create(exception, "Creating the decoder");
        }
    }

    // The other decoder hears the packet before, so as not to begin from nothing.
    private void NeedHybrid(OpusToc toc)
    {
        if (_full is not null || Factor == 1 || toc.Mode != OpusMode.Hybrid)
            return;
        _full = Create(OpusRates.Full);
        _full.Gain = _direct.Gain;
        _decimator = new Decimator(SampleRate, Channels);
        if (_previousLength > 0)
        {
            var previous = OpusPacket.Parse(_previous.AsSpan(0, _previousLength));
            Decode(_full, previous);
            Span<float> unheard = new float[previous.Duration / Factor * Channels];
            Give(previous.Duration / Factor, unheard);
        }
    }

    private void Remember(ReadOnlySpan<byte> packet)
    {
        if (Factor == 1 || _full is not null)
            return;
        if (_previous.Length < packet.Length)
            _previous = new byte[packet.Length];
        packet.CopyTo(_previous);
        _previousLength = packet.Length;
    }

    private int LostFrames(Span<float> pcm)
    {
        var unit = SampleRate / 400 * Channels;
        if (pcm.IsEmpty || pcm.Length % unit != 0 || pcm.Length > 48 * unit)
            throw new ArgumentException("Lost time is a multiple of 2.5 ms, at most 120 ms.", nameof(pcm));
        return pcm.Length / Channels;
    }

    // No packet: what is lost is made up.
    private int Recover(ReadOnlySpan<byte> nextPacket, int frames, Span<float> pcm)
    {
        _use.Enter(this, _isDisposed);
        try
        {
            if (!nextPacket.IsEmpty)
                NeedHybrid(new OpusToc(nextPacket[0]));
            var size = _full is null ? frames : frames * Factor;
            (_full ?? _direct).Decode(nextPacket, _samples.AsSpan(0, size * Channels), size, decode_fec: !nextPacket.IsEmpty);
            _previousLength = 0;
            return Give(frames, pcm);
        }
        catch (Exception exception)
        {
            throw ConcentusError.Create(exception, "OpusDecoder.Decode of a loss");
        }
        finally
        {
            _use.Leave();
        }
    }

    private void Decode(ManagedDecoder decoder, OpusPacket packet)
    {
        var size = packet.Duration / (OpusRates.Full / decoder.SampleRate);
        if (HasEmptyFrame(packet))
            DecodeOneByOne(decoder, packet, size / packet.FrameCount);
        else
            decoder.Decode(packet.Data, _samples.AsSpan(0, size * Channels), size);
    }

    // Concentus fails on packets with frames that were not sent (DTX), each of which is to be concealed.
    private void DecodeOneByOne(ManagedDecoder decoder, OpusPacket packet, int frameSize)
    {
        _single[0] = (byte)(packet.Toc.Value & ~0b11);
        for (var i = 0; i < packet.FrameCount; i++)
        {
            var frame = packet.GetFrame(i);
            var samples = _samples.AsSpan(i * frameSize * Channels, frameSize * Channels);
            frame.CopyTo(_single.AsSpan(1));
            decoder.Decode(IsEmpty(frame) ? default : _single.AsSpan(0, 1 + frame.Length), samples, frameSize);
        }
    }

    private static bool HasEmptyFrame(OpusPacket packet)
    {
        for (var i = 0; i < packet.FrameCount; i++)
        {
            if (IsEmpty(packet.GetFrame(i)))
                return true;
        }

        return false;
    }

    // Decoders take a byte for as good as none.
    private static bool IsEmpty(ReadOnlySpan<byte> frame) => frame.Length <= 1;

    private int Give(int frames, Span<float> pcm)
    {
        if (_decimator is null)
            Pcm16.ToFloats(_samples.AsSpan(0, frames * Channels), pcm);
        else
            _decimator.Process(_samples.AsSpan(0, frames * Factor * Channels), pcm);
        return frames;
    }
}
