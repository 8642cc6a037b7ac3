using System.Runtime.Intrinsics;
using VoiceKit.Opus.Decoding;

namespace VoiceKit.Opus;

/// <summary>A decoder in C# alone: memory-safe, and the same samples on every system (RFC 6716, RFC 8251).</summary>
internal sealed class ManagedOpusDecoder : IOpusDecoder
{
    private readonly OpusFrameDecoder _frames;
    private readonly bool _isForLevels;
    private ExclusiveUse _use;
    private bool _isDisposed;
    private short _gain;
    private float _factor = 1;

    /// <summary>Creates a decoder.</summary>
    /// <param name="sampleRate">The rate of the PCM it gives.</param>
    /// <param name="channels">The channels of the PCM it gives, 1 or 2.</param>
    /// <param name="isForLevels">
    /// Whether only the level of the PCM counts. Up to 16 kHz what is above 8 kHz is not decoded then; a tone of half the rate
    /// stands for it, which is as loud.
    /// </param>
    public ManagedOpusDecoder(int sampleRate, int channels, bool isForLevels = false)
    {
        SampleRate = sampleRate;
        Channels = channels;
        _isForLevels = isForLevels;
        _frames = new OpusFrameDecoder(sampleRate, channels, isForLevels);
    }

    public int SampleRate { get; }

    public int Channels { get; }

    public short Gain
    {
        get => _gain;
        set
        {
            _use.Enter(this, _isDisposed);
            _gain = value;
            _factor = OutputGain.Factor(value);
            _use.Leave();
        }
    }

    /// <summary>The final range of the last packet, by which test vectors show that every bit was understood.</summary>
    internal uint FinalRange => _frames.FinalRange;

    /// <inheritdoc cref="OpusFrameDecoder.HasLeadingRedundancy"/>
    internal bool HasLeadingRedundancy => _frames.HasLeadingRedundancy;

    public int Decode(ReadOnlySpan<byte> packet, Span<float> pcm)
    {
        var layout = ReadLayout(packet);
        var toc = new OpusToc(packet[0]);
        var frameLength = FramesOf(toc) * Channels;
        var length = layout.FrameCount * frameLength;
        if (pcm.Length < length)
            throw new ArgumentException($"The packet decodes to {length} floats; there is room for {pcm.Length}.", nameof(pcm));

        _use.Enter(this, _isDisposed);
        try
        {
            _frames.BeginPacket(toc);
            for (var i = 0; i < layout.FrameCount; i++)
            {
                var (start, bytes) = layout.FrameAt(packet, i);
                var frame = pcm.Slice(i * frameLength, frameLength);
                _frames.Decode(packet.Slice(start, bytes), frame);
                if (_isForLevels)
                    AddInaudible(frame);
            }

            return Finish(pcm[..length]);
        }
        finally
        {
            _use.Leave();
        }
    }

    public int DecodeFec(ReadOnlySpan<byte> nextPacket, Span<float> pcm)
    {
        var layout = ReadLayout(nextPacket);
        CheckLostLength(pcm);
        _use.Enter(this, _isDisposed);
        try
        {
            var toc = new OpusToc(nextPacket[0]);
            var concealed = pcm.Length - FramesOf(toc) * Channels;
            if (concealed < 0 || toc.Mode == OpusMode.Celt || _frames.Mode == OpusMode.Celt)
            {
                _frames.Conceal(pcm);
                return Finish(pcm);
            }

            var (start, bytes) = layout.FrameAt(nextPacket, 0);
            _frames.Conceal(pcm[..concealed]);
            _frames.BeginPacket(toc);
            _frames.DecodeRedundancy(nextPacket.Slice(start, bytes), pcm[concealed..]);
            return Finish(pcm);
        }
        finally
        {
            _use.Leave();
        }
    }

    public int Conceal(Span<float> pcm)
    {
        CheckLostLength(pcm);
        _use.Enter(this, _isDisposed);
        try
        {
            _frames.Conceal(pcm);
            return Finish(pcm);
        }
        finally
        {
            _use.Leave();
        }
    }

    public void Reset()
    {
        _use.Enter(this, _isDisposed);
        _frames.Reset();
        _use.Leave();
    }

    public void Dispose() => _isDisposed = true;

    /// <summary>Adds a tone of half the rate, as loud as what is above the bandwidth.</summary>
    private void AddInaudible(Span<float> frame)
    {
        var level = MathF.Sqrt(_frames.InaudiblePower);
        if (level == 0)
            return;
        var tone = Channels == 1
            ? Vector128.Create(level, -level, level, -level)
            : Vector128.Create(level, level, -level, -level);
        for (; frame.Length >= 4; frame = frame[4..])
            (Vector128.Create<float>(frame) + tone).StoreTo(frame);
        for (var i = 0; i < frame.Length; i++)
            frame[i] += tone[i];
    }

    private static OpusPacketLayout ReadLayout(ReadOnlySpan<byte> packet)
    {
        var fault = OpusPacketLayout.Read(packet, out var layout);
        return fault == OpusPacketFault.None
            ? layout
            : throw new VoiceFormatException($"Malformed Opus packet: {OpusPacketLayout.Describe(fault)}", 0);
    }

    private int FramesOf(OpusToc toc) => toc.FrameDuration / (OpusRates.Full / SampleRate);

    private void CheckLostLength(Span<float> pcm)
    {
        var unit = SampleRate / 400 * Channels;
        if (pcm.IsEmpty || pcm.Length % unit != 0 || pcm.Length > 48 * unit)
            throw new ArgumentException("Lost time is a multiple of 2.5 ms, at most 120 ms.", nameof(pcm));
    }

    private int Finish(Span<float> pcm)
    {
        if (_gain != 0)
            OutputGain.Apply(_factor, pcm);
        return pcm.Length / Channels;
    }
}
