namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>
/// Remembers how the silence between words sounds and adds it to concealed frames, so that neither a loss nor discontinuous
/// transmission falls silent (RFC 6716 §2.1.9 and §4.4).
/// </summary>
internal sealed class ComfortNoise
{
    private const int LsfSmoothing = 16_348; // 0.25 in Q16
    private const int GainSmoothing = 4634; // 0.0707 in Q16
    private const int FirstSeed = 3_176_576;

    private readonly int[] _excitation = new int[SilkChannel.MaxFrameLength];
    private readonly int[] _frequencies = new int[SilkChannel.MaxOrder];
    private readonly int[] _history = new int[SilkChannel.MaxOrder];
    private readonly int[] _lpc = new int[SilkChannel.MaxOrder];
    private readonly int[] _signal = new int[SilkChannel.MaxOrder + SilkChannel.MaxFrameLength];
    private int _gain; // Q16
    private int _seed;
    private int _kilohertz;

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        Array.Clear(_excitation);
        Array.Clear(_frequencies);
        Array.Clear(_history);
        _kilohertz = 0;
        Restart(0);
    }

    /// <summary>Learns from an inactive frame that came, or adds noise to one that was concealed.</summary>
    /// <param name="channel">The channel after the frame.</param>
    /// <param name="parameters">The filters and gains of the frame.</param>
    /// <param name="concealment">What has concealed the frame.</param>
    /// <param name="samples">The frame; noise is added to it.</param>
    public void Process(SilkChannel channel, SilkFrameParameters parameters, SilkConcealment concealment, Span<int> samples)
    {
        if (channel.Kilohertz != _kilohertz)
        {
            Restart(channel.Order);
            _kilohertz = channel.Kilohertz;
        }

        if (channel.LossCount == 0)
        {
            if (channel.LastSignalType == SilkSignalType.Inactive)
                Learn(channel, parameters);
            Array.Clear(_history, 0, channel.Order);
        }
        else
        {
            Add(channel, concealment, samples);
        }
    }

    private void Restart(int order)
    {
        // Frequencies at equal distances are a flat spectrum.
        var step = short.MaxValue / (order + 1);
        for (var i = 0; i < order; i++)
            _frequencies[i] = step * (i + 1);
        _gain = 0;
        _seed = FirstSeed;
    }

    private void Learn(SilkChannel channel, SilkFrameParameters parameters)
    {
        for (var i = 0; i < channel.Order; i++)
            _frequencies[i] += FixedPoint.MultiplyQ16(channel.LastLsf[i] - _frequencies[i], LsfSmoothing);

        var loudest = 0;
        for (var i = 1; i < channel.SubframeCount; i++)
        {
            if (parameters.Gains[i] > parameters.Gains[loudest])
                loudest = i;
        }

        var length = channel.SubframeLength;
        _excitation.AsSpan(0, length * (channel.SubframeCount - 1)).CopyTo(_excitation.AsSpan(length));
        channel.Excitation.AsSpan(loudest * length, length).CopyTo(_excitation);
        for (var i = 0; i < channel.SubframeCount; i++)
            _gain += FixedPoint.MultiplyQ16(parameters.Gains[i] - _gain, GainSmoothing);
    }

    private void Add(SilkChannel channel, SilkConcealment concealment, Span<int> samples)
    {
        var signal = _signal.AsSpan(0, SilkChannel.MaxOrder + samples.Length);
        var noise = signal[SilkChannel.MaxOrder..];
        TakeExcitation(noise);
        Array.Clear(_lpc);
        LpcConverter.Convert(_frequencies.AsSpan(0, channel.Order), _lpc.AsSpan(0, channel.Order));
        _history.AsSpan().CopyTo(signal);
        LpcSynthesis.Filter(signal, _lpc, channel.Order);
        signal[samples.Length..].CopyTo(_history);

        var gain = MissingGain(concealment) >> 6;
        for (var i = 0; i < samples.Length; i++)
        {
            var value = FixedPoint.Saturate16(FixedPoint.RoundShift(FixedPoint.MultiplyQ16(noise[i], gain), 8));
            samples[i] = FixedPoint.Saturate16(samples[i] + value);
        }
    }

    /// <summary>What the concealed frame lacks of the power that silence had, as a gain in Q16.</summary>
    private int MissingGain(SilkConcealment concealment)
    {
        var concealed = FixedPoint.MultiplyQ16(concealment.NoiseScale, concealment.LastGain);
        if (concealed >= 1 << 21 || _gain > 1 << 23)
        {
            // Squares of numbers this large only fit without their lower halves.
            var power = (_gain >> 16) * (_gain >> 16) - ((concealed >> 16) * (concealed >> 16) << 5);
            return FixedPoint.SquareRoot(power) << 16;
        }

        var difference = FixedPoint.MultiplyQ16(_gain, _gain) - (FixedPoint.MultiplyQ16(concealed, concealed) << 5);
        return FixedPoint.SquareRoot(difference) << 8;
    }

    private void TakeExcitation(Span<int> noise)
    {
        var mask = 255;
        while (mask > noise.Length)
            mask >>= 1;
        foreach (ref var sample in noise)
        {
            _seed = SilkSynthesizer.NextRandom(_seed);
            sample = _excitation[_seed >> 24 & mask];
        }
    }
}
