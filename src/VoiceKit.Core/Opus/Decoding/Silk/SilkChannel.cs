using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>
/// One channel of the SILK layer: what it remembers from frame to frame, and how it decodes one (RFC 6716 §4.2.7).
/// </summary>
internal sealed class SilkChannel
{
    public const int MaxOrder = 16;
    public const int MaxFrameLength = 320;
    public const int MaxSubframeLength = 80;

    /// <summary>The most SILK frames in an Opus frame.</summary>
    public const int MaxFrames = 3;

    /// <summary>A change of gain that is none, in Q16.</summary>
    public const int SameGain = 1 << 16;

    private const int SubframeMilliseconds = 5;
    private const int HistoryMilliseconds = 20;
    private const int ResetGainIndex = 10;
    private const int ResetLag = 100;
    private const int BandwidthExpansionAfterLoss = 63_570; // 0.97 in Q16

    public readonly SilkFrameIndices Indices = new();
    public readonly SilkResampler Resampler = new();

    /// <summary>The excitation of the last frame that came, in Q14.</summary>
    public readonly int[] Excitation = new int[MaxFrameLength];

    /// <summary>The last samples of the synthesis filter, in Q14.</summary>
    public readonly int[] LpcHistory = new int[MaxOrder];

    /// <summary>The last 20 ms before a frame, then the frame: 16-bit samples.</summary>
    public readonly int[] Signal = new int[2 * MaxFrameLength];

    /// <summary>The line spectral frequencies of the last frame, in Q15.</summary>
    public readonly int[] LastLsf = new int[MaxOrder];

    /// <summary>Whether each frame of the packet has voice in it (§4.2.3).</summary>
    public readonly bool[] Activity = new bool[MaxFrames];

    /// <summary>Whether each frame of the packet has a redundant copy of the one a packet earlier (§4.2.4).</summary>
    public readonly bool[] Redundancy = new bool[MaxFrames];

    private readonly SilkSynthesizer _synthesizer;
    private readonly SilkFrameParameters _parameters = new();
    private readonly SilkConcealment _concealment = new();
    private readonly ComfortNoise _comfortNoise = new();
    private readonly int[] _pulses = new int[MaxFrameLength];
    private readonly int[] _frequencies = new int[MaxOrder];
    private int _lastGain;
    private int _lastGainIndex;

    public SilkChannel(SilkSynthesizer synthesizer)
    {
        _synthesizer = synthesizer;
        Reset();
    }

    /// <summary>The internal rate: 8, 12 or 16 kHz; 0 before the first frame.</summary>
    public int Kilohertz { get; private set; }

    public bool IsWide => Kilohertz == 16;

    /// <summary>The order of short-term prediction: 10, or 16 in wideband.</summary>
    public int Order { get; private set; }

    /// <summary>Two or four.</summary>
    public int SubframeCount { get; private set; }

    public int SubframeLength { get; private set; }

    public int FrameLength { get; private set; }

    /// <summary>The samples in <see cref="Signal"/> before the frame.</summary>
    public int HistoryLength { get; private set; }

    /// <summary>How many frames of the packet are decoded.</summary>
    public int FramesDecoded { get; set; }

    /// <summary>The lag of the last subframe.</summary>
    public int LastLag { get; private set; }

    /// <summary>The signal type of the last frame that was made.</summary>
    public SilkSignalType LastSignalType { get; private set; }

    /// <summary>The signal type of the last frame that was read; redundant frames count.</summary>
    public SilkSignalType LastReadSignalType { get; set; }

    /// <summary>The primary lag of the last voiced frame that was read; redundant frames count.</summary>
    public int LastReadLag { get; set; }

    /// <summary>How many frames in a row are lost.</summary>
    public int LossCount { get; private set; }

    /// <summary>Whether no frame came since the rate last changed.</summary>
    public bool IsFresh { get; private set; }

    /// <summary>The gain of the last subframe that came, in Q16.</summary>
    public int LastGain => _lastGain;

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        Array.Clear(Excitation);
        Array.Clear(LpcHistory);
        Array.Clear(Signal);
        Array.Clear(LastLsf);
        Array.Clear(Activity);
        Array.Clear(Redundancy);
        Indices.Clear();
        Resampler.Reset();
        _concealment.Reset();
        _comfortNoise.Reset();
        Kilohertz = Order = SubframeCount = SubframeLength = FrameLength = HistoryLength = 0;
        FramesDecoded = LastLag = LastReadLag = LossCount = _lastGainIndex = 0;
        LastSignalType = LastReadSignalType = SilkSignalType.Inactive;
        _lastGain = 1 << 16;
        IsFresh = true;
    }

    /// <summary>Takes on the rate and the frame length of a packet (§4.5.2: a change of rate is a new start).</summary>
    public void Configure(int kilohertz, int subframes, int outputRate)
    {
        Resampler.Configure(kilohertz, outputRate);
        SubframeCount = subframes;
        SubframeLength = SubframeMilliseconds * kilohertz;
        FrameLength = SubframeLength * subframes;
        if (kilohertz == Kilohertz)
            return;

        Kilohertz = kilohertz;
        HistoryLength = HistoryMilliseconds * kilohertz;
        Order = kilohertz == 16 ? 16 : 10;
        Restart();
    }

    /// <summary>Forgets the signal before, as when the side channel comes back (§4.2.7.2) or the rate changes.</summary>
    public void Restart()
    {
        Array.Clear(Signal);
        Array.Clear(LpcHistory);
        LastLag = ResetLag;
        _lastGainIndex = ResetGainIndex;
        LastSignalType = SilkSignalType.Inactive;
        IsFresh = true;
    }

    /// <summary>Lets the gain of the next frame be as low as it says, however loud it was before.</summary>
    public void ForgetGain() => _lastGainIndex = ResetGainIndex;

    /// <summary>Notes the gain of a subframe.</summary>
    /// <returns>By how much what was made at the gain before has to be scaled, in Q16.</returns>
    public int ChangeGain(int gain)
    {
        var change = gain == _lastGain ? SameGain : FixedPoint.Divide(_lastGain, gain, 16);
        _lastGain = gain;
        return change;
    }

    /// <summary>Reads a redundant frame and drops it.</summary>
    public void Skip(ref RangeDecoder range, SilkCoding coding)
    {
        SilkFrameReader.Read(ref range, this, isActive: true, coding);
        ReadExcitation(ref range);
    }

    /// <summary>Decodes the next frame of a packet.</summary>
    /// <param name="range">Stands at the frame type; is not touched where nothing is read.</param>
    /// <param name="source">Whether to read a regular frame, a redundant one where there is one, or none.</param>
    /// <param name="coding">How the frame leans on the one before.</param>
    /// <param name="samples">Receives <see cref="FrameLength"/> 16-bit samples.</param>
    public void Decode(ref RangeDecoder range, SilkSource source, SilkCoding coding, scoped Span<int> samples)
    {
        _parameters.LtpScale = 0;
        if (source == SilkSource.Regular || (source == SilkSource.Redundant && Redundancy[FramesDecoded]))
            DecodeFrame(ref range, source, coding);
        else
            ConcealFrame();

        Signal.AsSpan(HistoryLength, FrameLength).CopyTo(samples);
        Signal.AsSpan(FrameLength, HistoryLength).CopyTo(Signal);
        _comfortNoise.Process(this, _parameters, _concealment, samples);
        _concealment.Join(samples, LossCount > 0);
        LastLag = _parameters.PitchLags[SubframeCount - 1];
    }

    private void DecodeFrame(ref RangeDecoder range, SilkSource source, SilkCoding coding)
    {
        var isActive = source == SilkSource.Redundant || Activity[FramesDecoded];
        SilkFrameReader.Read(ref range, this, isActive, coding);
        ReadExcitation(ref range);
        MakeParameters(coding);
        _synthesizer.Synthesize(this, _parameters, _pulses);
        _concealment.Remember(this, _parameters);
        LossCount = 0;
        LastSignalType = Indices.SignalType;
        IsFresh = false;
    }

    private void ConcealFrame()
    {
        Indices.SignalType = LastSignalType;
        _concealment.Conceal(this, _parameters);
        LossCount++;
    }

    private void ReadExcitation(ref RangeDecoder range)
    {
        // 10 ms of mediumband end within a block.
        var blocks = (FrameLength + ExcitationReader.BlockLength - 1) / ExcitationReader.BlockLength;
        var pulses = _pulses.AsSpan(0, blocks * ExcitationReader.BlockLength);
        ExcitationReader.Read(ref range, Indices.SignalType, Indices.QuantizationOffset, pulses);
    }

    private void MakeParameters(SilkCoding coding)
    {
        var gains = Indices.Gains.AsSpan(0, SubframeCount);
        SilkGains.Dequantize(gains, coding == SilkCoding.Conditional, ref _lastGainIndex, _parameters.Gains);
        MakeLpc();
        MakeLtp();
    }

    // §4.2.7.5
    private void MakeLpc()
    {
        var frequencies = _frequencies.AsSpan(0, Order);
        var first = _parameters.LpcFirstHalf.AsSpan();
        var second = _parameters.LpcSecondHalf.AsSpan();
        first[Order..].Clear();
        second[Order..].Clear();
        first = first[..Order];
        second = second[..Order];
        LsfDecoder.Reconstruct(Indices.LsfStage1, Indices.LsfStage2, frequencies);
        LpcConverter.Convert(frequencies, second);

        // After a change of rate, the frequencies before are of another scale.
        if (IsFresh)
            Indices.LsfInterpolation = 4;
        if (Indices.LsfInterpolation < 4)
        {
            Span<int> between = stackalloc int[MaxOrder];
            between = between[..Order];
            LsfDecoder.Interpolate(LastLsf, frequencies, Indices.LsfInterpolation, between);
            LpcConverter.Convert(between, first);
        }
        else
        {
            second.CopyTo(first);
        }

        frequencies.CopyTo(LastLsf);
        if (LossCount > 0)
        {
            LpcConverter.ExpandBandwidthRounded(first, BandwidthExpansionAfterLoss);
            LpcConverter.ExpandBandwidthRounded(second, BandwidthExpansionAfterLoss);
        }
    }

    // §4.2.7.6
    private void MakeLtp()
    {
        var lags = _parameters.PitchLags.AsSpan(0, SubframeCount);
        var filters = _parameters.LtpFilters.AsSpan(0, SubframeCount * SilkFrameParameters.LtpTaps);
        if (Indices.SignalType != SilkSignalType.Voiced)
        {
            lags.Clear();
            filters.Clear();
            return;
        }

        PitchLags.Decode(Indices.Lag, Indices.PitchContour, Kilohertz, lags);
        var codebook = Indices.Periodicity switch
        {
            0 => LtpTables.Filters0,
            1 => LtpTables.Filters1,
            _ => LtpTables.Filters2,
        };
        for (var i = 0; i < filters.Length; i++)
        {
            var filter = Indices.LtpFilters[i / SilkFrameParameters.LtpTaps];
            filters[i] = codebook[filter * SilkFrameParameters.LtpTaps + i % SilkFrameParameters.LtpTaps] << 7;
        }

        _parameters.LtpScale = LtpTables.ScalingFactors[Indices.LtpScaling];
    }
}
