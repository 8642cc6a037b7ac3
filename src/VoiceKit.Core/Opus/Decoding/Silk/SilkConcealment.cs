namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>
/// Fills in for a lost SILK frame: the last pitch goes on and fades, with noise of the last excitation in it (RFC 6716 §4.4,
/// which
/// leaves the method to the decoder).
/// </summary>
internal sealed class SilkConcealment
{
    private const int BandwidthExpansion = 64_881; // 0.99 in Q16
    private const int MinPitchGain = 11_469; // 0.7 in Q14
    private const int MaxPitchGain = 15_565; // 0.95 in Q14
    private const int MinNoiseScale = 3277; // 0.2 in Q14
    private const int MaxLagMilliseconds = 18;
    private const int LagDrift = 655; // 0.01 in Q16
    private const int NoiseLength = 128;
    private const int CenterTap = SilkFrameParameters.LtpTaps / 2;

    private readonly int[] _filter = new int[SilkFrameParameters.LtpTaps];
    private readonly int[] _lpc = new int[SilkChannel.MaxOrder];
    private readonly int[] _gains = new int[2];
    private readonly int[] _whitened = new int[2 * SilkChannel.MaxFrameLength];
    private readonly int[] _noise = new int[2 * SilkChannel.MaxSubframeLength];
    private int _lag; // Q8
    private int _seed;
    private int _noiseScale; // Q14
    private int _ltpScale; // Q14
    private int _kilohertz;
    private int _subframeCount;
    private int _subframeLength;
    private bool _wasLost;
    private int _lostEnergy;
    private int _lostEnergyShift;

    /// <summary>How loud the noise of the concealed frame has become, in Q14.</summary>
    public int NoiseScale => _noiseScale;

    /// <summary>The gain of the last subframe that came, in Q16.</summary>
    public int LastGain => _gains[1];

    // 0.99 and 0.95; 0.95 and 0.8; 0.99 and 0.9 in Q15: for the first lost frame and those after it.
    private static ReadOnlySpan<short> PitchFade => [32_440, 31_130];

    private static ReadOnlySpan<short> VoicedNoiseFade => [31_130, 26_214];

    private static ReadOnlySpan<short> UnvoicedNoiseFade => [32_440, 29_491];

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        Array.Clear(_filter);
        Array.Clear(_lpc);
        _seed = _noiseScale = _ltpScale = _kilohertz = _lostEnergy = _lostEnergyShift = 0;
        _wasLost = false;
        Restart(0);
    }

    /// <summary>Notes what a frame that came would need if the next were lost.</summary>
    public void Remember(SilkChannel channel, SilkFrameParameters parameters)
    {
        FollowRate(channel);
        if (channel.Indices.SignalType == SilkSignalType.Voiced)
        {
            RememberPitch(channel, parameters);
        }
        else
        {
            _lag = MaxLagMilliseconds * channel.Kilohertz << 8;
            Array.Clear(_filter);
        }

        parameters.LpcSecondHalf.AsSpan().CopyTo(_lpc);
        _ltpScale = parameters.LtpScale;
        parameters.Gains.AsSpan(channel.SubframeCount - 2, 2).CopyTo(_gains);
        _subframeLength = channel.SubframeLength;
        _subframeCount = channel.SubframeCount;
    }

    /// <summary>Makes a frame in the channel's signal.</summary>
    /// <param name="channel">Its signal receives the frame.</param>
    /// <param name="parameters">Receives the lag, as if it had been coded.</param>
    public void Conceal(SilkChannel channel, SilkFrameParameters parameters)
    {
        FollowRate(channel);
        if (channel.IsFresh)
            Array.Clear(_lpc);
        var noise = FindNoise(channel);
        LpcConverter.ExpandBandwidthRounded(_lpc.AsSpan(0, channel.Order), BandwidthExpansion);
        var isFirst = channel.LossCount == 0;
        var isVoiced = channel.LastSignalType == SilkSignalType.Voiced;
        int noiseFade = isVoiced ? VoicedNoiseFade[isFirst ? 0 : 1] : UnvoicedNoiseFade[isFirst ? 0 : 1];
        if (isFirst)
            StartNoise(channel, isVoiced, ref noiseFade);

        Whiten(channel);
        var lag = ExtendPitch(channel, noise, PitchFade[isFirst ? 0 : 1], noiseFade);
        Synthesize(channel);
        parameters.PitchLags.AsSpan().Fill(lag);
    }

    /// <summary>Fades in the first frame that comes after lost ones, where it is louder than they were.</summary>
    /// <param name="samples">The frame.</param>
    /// <param name="isLost">Whether the frame itself is concealed.</param>
    public void Join(Span<int> samples, bool isLost)
    {
        if (isLost)
            _lostEnergy = FixedPoint.Energy(samples, out _lostEnergyShift);
        else if (_wasLost)
            FadeIn(samples);
        _wasLost = isLost;
    }

    private void Restart(int frameLength)
    {
        _lag = frameLength << 7;
        _gains.AsSpan().Fill(1 << 16);
        _subframeLength = 20;
        _subframeCount = 2;
    }

    private void FollowRate(SilkChannel channel)
    {
        if (channel.Kilohertz == _kilohertz)
            return;
        Restart(channel.FrameLength);
        _kilohertz = channel.Kilohertz;
    }

    /// <summary>Takes the strongest prediction of the subframes that hold the last pitch period, as one tap.</summary>
    private void RememberPitch(SilkChannel channel, SilkFrameParameters parameters)
    {
        var gain = 0;
        var last = channel.SubframeCount - 1;
        for (var back = 0; back <= last && back * channel.SubframeLength < parameters.PitchLags[last]; back++)
        {
            var sum = 0;
            foreach (var tap in parameters.LtpFilterOf(last - back))
                sum += tap;
            if (sum > gain)
            {
                gain = sum;
                _lag = parameters.PitchLags[last - back] << 8;
            }
        }

        Array.Clear(_filter);
        _filter[CenterTap] = LimitPitchGain(gain);
    }

    private static int LimitPitchGain(int gain) => gain switch
    {
        < MinPitchGain => gain * (short)((MinPitchGain << 10) / Math.Max(gain, 1)) >> 10,
        > MaxPitchGain => gain * (short)((MaxPitchGain << 14) / gain) >> 14,
        _ => gain,
    };

    /// <summary>Where in the last excitation the noise is taken from: the quieter one of the last two subframes.</summary>
    private ReadOnlySpan<int> FindNoise(SilkChannel channel)
    {
        var length = channel.SubframeLength;
        for (var k = 0; k < 2; k++)
        {
            var excitation = channel.Excitation.AsSpan((channel.SubframeCount - 2 + k) * length, length);
            for (var i = 0; i < length; i++)
                _noise[k * length + i] = FixedPoint.Saturate16(FixedPoint.MultiplyQ16(excitation[i], _gains[k] >> 6) >> 8);
        }

        var first = FixedPoint.Energy(_noise.AsSpan(0, length), out var firstShift);
        var second = FixedPoint.Energy(_noise.AsSpan(length, length), out var secondShift);
        var subframe = first >> secondShift < second >> firstShift ? _subframeCount - 1 : _subframeCount;
        return channel.Excitation.AsSpan(Math.Max(0, subframe * _subframeLength - NoiseLength), NoiseLength);
    }

    private void StartNoise(SilkChannel channel, bool isVoiced, ref int noiseFade)
    {
        _noiseScale = 1 << 14;
        if (isVoiced)
        {
            foreach (var tap in _filter)
                _noiseScale -= tap;
            _noiseScale = Math.Max(MinNoiseScale, (int)(short)_noiseScale) * _ltpScale >> 14;
            return;
        }

        // A filter that amplifies much would make the noise too loud.
        var inverse = PredictionGain.Inverse(_lpc.AsSpan(0, channel.Order));
        inverse = Math.Max(Math.Min(inverse, 1 << 27), 1 << 22) << 3;
        noiseFade = FixedPoint.MultiplyQ16(inverse, noiseFade) >> 14;
    }

    private void Whiten(SilkChannel channel)
    {
        var lag = FixedPoint.RoundShift(_lag, 8);
        var start = channel.HistoryLength - lag - CenterTap;
        var whitened = _whitened.AsSpan(start, lag + CenterTap);
        LpcSynthesis.Whiten(channel.Signal.AsSpan(start - channel.Order), _lpc, channel.Order, whitened);
        var inverseGain = Math.Min(FixedPoint.Invert(_gains[1], 46), int.MaxValue >> 1);
        foreach (ref var value in whitened)
            value = FixedPoint.MultiplyQ16(inverseGain, value);
    }

    private int ExtendPitch(SilkChannel channel, ReadOnlySpan<int> noise, int pitchFade, int noiseFade)
    {
        var lag = FixedPoint.RoundShift(_lag, 8);
        var at = channel.HistoryLength;
        for (var k = 0; k < channel.SubframeCount; k++)
        {
            var tap = _filter[CenterTap];
            for (var i = 0; i < channel.SubframeLength; i++)
            {
                _seed = SilkSynthesizer.NextRandom(_seed);
                var sample = noise[_seed >> 25 & NoiseLength - 1];
                var prediction = 2 + FixedPoint.MultiplyQ16(_whitened[at - lag], tap);
                _whitened[at++] = prediction + FixedPoint.MultiplyQ16(sample, _noiseScale) << 2;
            }

            _filter[CenterTap] = pitchFade * tap >> 15;
            if (channel.Indices.SignalType != SilkSignalType.Inactive)
                _noiseScale = _noiseScale * noiseFade >> 15;
            _lag += FixedPoint.MultiplyQ16(_lag, LagDrift);
            _lag = Math.Min(_lag, MaxLagMilliseconds * channel.Kilohertz << 8);
            lag = FixedPoint.RoundShift(_lag, 8);
        }

        return lag;
    }

    private void Synthesize(SilkChannel channel)
    {
        var signal = _whitened.AsSpan(channel.HistoryLength - SilkChannel.MaxOrder, SilkChannel.MaxOrder + channel.FrameLength);
        channel.LpcHistory.AsSpan().CopyTo(signal);
        LpcSynthesis.Filter(signal, _lpc, channel.Order);
        signal[channel.FrameLength..].CopyTo(channel.LpcHistory);
        LpcSynthesis.ApplyGain(signal[SilkChannel.MaxOrder..], _gains[1] >> 6, channel.Signal.AsSpan(channel.HistoryLength));
    }

    private void FadeIn(Span<int> samples)
    {
        var energy = FixedPoint.Energy(samples, out var shift);
        var lost = _lostEnergy;
        if (shift > _lostEnergyShift)
            lost >>= shift - _lostEnergyShift;
        else
            energy >>= _lostEnergyShift - shift;
        if (energy <= lost)
            return;

        var room = FixedPoint.LeadingZeros(lost) - 1;
        var ratio = (lost << room) / Math.Max(energy >> Math.Max(24 - room, 0), 1);
        var gain = FixedPoint.SquareRoot(ratio) << 4;
        // Four times as steep as the frame is long, so that a word's first sound is not missed.
        var slope = ((1 << 16) - gain) / samples.Length << 2;
        foreach (ref var sample in samples)
        {
            sample = FixedPoint.MultiplyQ16(gain, sample);
            gain += slope;
            if (gain > 1 << 16)
                break;
        }
    }
}
