namespace VoiceKit.Opus;

/// <summary>
/// Decodes packets of several streams, each with a decoder of its own, and mixes their channels down to mono or stereo
/// (RFC 7845 §5.1.1).
/// </summary>
internal sealed class OpusSurroundDecoder : IOpusDecoder
{
    private readonly IOpusDecoder[] _decoders;
    private readonly OpusMultistreamPacket _packet;
    private readonly float[][] _weights;
    private readonly float[] _decoded;

    /// <summary>Creates the decoders.</summary>
    /// <param name="codec">Makes them.</param>
    /// <param name="head">The streams and their mapping; family 0 or 1.</param>
    /// <param name="sampleRate">The rate of the PCM.</param>
    /// <param name="channels">The channels of the PCM, 1 or 2.</param>
    public OpusSurroundDecoder(IOpusDecoderFactory codec, OpusHead head, int sampleRate, int channels)
    {
        SampleRate = sampleRate;
        Channels = channels;
        _packet = new OpusMultistreamPacket(head.StreamCount);
        _weights = WeightsOfDecoded(head, channels);
        _decoded = new float[OpusPacket.MaxDuration / (OpusRates.Full / sampleRate) * 2];
        _decoders = new IOpusDecoder[head.StreamCount];
        for (var stream = 0; stream < _decoders.Length; stream++)
            _decoders[stream] = codec.CreateDecoder(sampleRate, stream < head.CoupledStreamCount ? 2 : 1);
    }

    public int SampleRate { get; }

    public int Channels { get; }

    public short Gain
    {
        get => _decoders[0].Gain;
        set => Array.ForEach(_decoders, decoder => decoder.Gain = value);
    }

    public int Decode(ReadOnlySpan<byte> packet, Span<float> pcm)
    {
        Split(packet);
        var frames = _packet.Duration / (OpusRates.Full / SampleRate);
        if (pcm.Length < frames * Channels)
            throw new ArgumentException("The buffer is smaller than the packet's duration.", nameof(pcm));
        return Mix(frames, pcm, static (decoder, packet, pcm) => decoder.Decode(packet, pcm));
    }

    public int DecodeFec(ReadOnlySpan<byte> nextPacket, Span<float> pcm)
    {
        Split(nextPacket);
        return Mix(pcm.Length / Channels, pcm, static (decoder, packet, pcm) => decoder.DecodeFec(packet, pcm));
    }

    public int Conceal(Span<float> pcm) =>
        Mix(pcm.Length / Channels, pcm, static (decoder, _, pcm) => decoder.Conceal(pcm));

    public void Reset() => Array.ForEach(_decoders, decoder => decoder.Reset());

    public void Dispose() => Array.ForEach(_decoders, decoder => decoder.Dispose());

    // The matrix is for output channels; the mapping says which decoded channel each of them takes, 255 for silence (§5.1.1).
    private static float[][] WeightsOfDecoded(OpusHead head, int channels)
    {
        var matrix = OpusDownmix.Matrix(head.Channels, channels);
        var weights = new float[head.StreamCount + head.CoupledStreamCount][];
        for (var decoded = 0; decoded < weights.Length; decoded++)
            weights[decoded] = new float[channels];
        for (var channel = 0; channel < head.Channels; channel++)
        {
            var decoded = head.Mapping[channel];
            for (var output = 0; output < channels && decoded < weights.Length; output++)
                weights[decoded][output] += matrix[output][channel];
        }

        return weights;
    }

    private void Split(ReadOnlySpan<byte> packet)
    {
        var fault = _packet.Split(packet);
        if (fault != OpusPacketFault.None)
            throw new VoiceFormatException($"Malformed Opus packet: {OpusPacketLayout.Describe(fault)}", 0);
    }

    private int Mix(int frames, Span<float> pcm, Step step)
    {
        pcm[..(frames * Channels)].Clear();
        var channel = 0;
        for (var stream = 0; stream < _decoders.Length; stream++)
        {
            var decoder = _decoders[stream];
            var decoded = _decoded.AsSpan(0, frames * decoder.Channels);
            step(decoder, _packet.GetStream(stream), decoded);
            for (var side = 0; side < decoder.Channels; side++)
                Add(decoded, side, decoder.Channels, _weights[channel++], pcm);
        }

        return frames;
    }

    private static void Add(ReadOnlySpan<float> decoded, int side, int step, float[] weights, Span<float> pcm)
    {
        for (var output = 0; output < weights.Length; output++)
        {
            var weight = weights[output];
            if (weight == 0)
                continue;
            for (int from = side, to = output; from < decoded.Length; from += step, to += weights.Length)
                pcm[to] += weight * decoded[from];
        }
    }

    private delegate int Step(IOpusDecoder decoder, ReadOnlySpan<byte> packet, Span<float> pcm);
}
