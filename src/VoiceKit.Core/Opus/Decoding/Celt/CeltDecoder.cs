using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// The CELT decoder (RFC 6716 §4.3): one frame of 2.5, 5, 10 or 20 ms after another, with concealment of lost ones (§4.4).
/// </summary>
internal sealed class CeltDecoder
{
    private const int HistoryLength = Concealment.HistoryLength;

    private readonly int _channels;
    private readonly int _decimation;
    private readonly CeltFrame _frame = new();
    private readonly BandEnergies _energies = new();
    private readonly FrameReader _reader = new();
    private readonly BandDecoder _bands = new();
    private readonly Synthesis _synthesis;
    private readonly DeEmphasis _deEmphasis;
    private readonly Concealment _concealment;

    private uint _seed;
    private int _losses;
    private bool _isTooEarlyForPitch;
    private PostFilterSetting _postFilter;
    private PostFilterSetting _lastPostFilter;

    /// <summary>Makes a decoder.</summary>
    /// <param name="sampleRate">The rate of its output: 8000, 12000, 16000, 24000 or 48000 Hz.</param>
    /// <param name="channels">The channels of its output, 1 or 2.</param>
    public CeltDecoder(int sampleRate, int channels)
    {
        _channels = channels;
        _decimation = OpusRates.Full / sampleRate;
        _synthesis = new Synthesis(channels, _decimation);
        _deEmphasis = new DeEmphasis(channels, _decimation);
        _concealment = new Concealment(channels);
        PhaseInversionDisabled = channels == 1;
        Reset();
    }

    /// <summary>The first band that is coded: 0, or 17 in hybrid frames.</summary>
    public int StartBand { get; set; }

    /// <summary>The end of the bands that are coded: 13, 17, 19 or 21 by the bandwidth.</summary>
    public int EndBand { get; set; } = CeltBands.Count;

    /// <summary>The channels that the stream has, 1 or 2.</summary>
    public int StreamChannels { get; set; } = 1;

    /// <summary>Whether inverted phase between the channels is ignored (RFC 8251 §10); at first true for mono output.</summary>
    public bool PhaseInversionDisabled { get; set; }

    /// <summary>The range decoder's state after the last frame, which test vectors compare.</summary>
    public uint FinalRange => _seed;

    /// <summary>
    /// The mean square that the last frame has above 8 kHz, whether or not the output has it; 1 is that of full scale.
    /// </summary>
    public float HighPower => BandPower.Sum(_frame, _energies.Current, HighBandReader.StartBand);

    /// <summary>Forgets all frames.</summary>
    public void Reset()
    {
        _seed = 0;
        _losses = 0;
        _isTooEarlyForPitch = true;
        _postFilter = PostFilterSetting.Off;
        _lastPostFilter = PostFilterSetting.Off;
        _energies.Reset();
        _synthesis.Reset();
        _deEmphasis.Reset();
    }

    /// <summary>Decodes a frame; one of less than 2 bytes is concealed.</summary>
    /// <param name="range">The range decoder, at the begin of the frame or after SILK's part.</param>
    /// <param name="frameSize">The frame's length in samples at the output's rate.</param>
    /// <param name="pcm">Receives the samples, interleaved, nominally within ±1.</param>
    /// <param name="accumulate">Whether they are added to what is there.</param>
    public void Decode(ref RangeDecoder range, int frameSize, Span<float> pcm, bool accumulate)
    {
        if (range.Length <= 1)
        {
            Conceal(frameSize, pcm, accumulate);
            return;
        }

        _isTooEarlyForPitch = _losses != 0;
        BeginFrame(frameSize);
        if (_frame.Channels == 1)
            _energies.MergeChannels();

        var isSilent = FrameReader.IsSilent(ref range);
        var postFilter = isSilent ? DecodeSilence() : DecodeShapes(ref range);
        _synthesis.Run(_frame, _bands.Spectrum, _energies.Current, isSilent);
        FilterPitch(postFilter);
        if (_frame.Channels == 1)
            _energies.CopyToSecondChannel();
        _energies.Advance(_frame, _losses);
        _seed = range.FinalRange;
        _losses = 0;
        Output(pcm, accumulate);
    }

    /// <summary>Makes up a frame that was lost.</summary>
    /// <param name="frameSize">The frame's length in samples at the output's rate.</param>
    /// <param name="pcm">Receives the samples.</param>
    /// <param name="accumulate">Whether they are added to what is there.</param>
    public void Conceal(int frameSize, Span<float> pcm, bool accumulate)
    {
        const int MaxRepeated = 5;
        BeginFrame(frameSize);
        if (_losses >= MaxRepeated || StartBand != 0 || _isTooEarlyForPitch)
            ConcealByNoise();
        else
            ConcealByPitch();
        _losses++;
        Output(pcm, accumulate);
    }

    private void BeginFrame(int frameSize) =>
        _frame.Begin(frameSize * _decimation, StreamChannels, StartBand, EndBand);

    private PostFilterSetting DecodeSilence()
    {
        _energies.MakeSilent(_frame.Channels);
        return PostFilterSetting.Off;
    }

    /// <summary>Reads all symbols of a frame in their order (table 56).</summary>
    private PostFilterSetting DecodeShapes(ref RangeDecoder range)
    {
        var frame = _frame;
        var postFilter = FrameReader.ReadCoarse(ref range, frame, _energies.Current);
        _reader.ReadFine(ref range, frame, _energies.Current);
        var bits = (range.Length * 8 << RangeDecoder.FractionBits) - frame.CollapseReserve;
        var seed = _seed;
        _bands.Decode(ref range, frame, bits, PhaseInversionDisabled, ref seed);
        var fillsCollapsed = frame.CollapseReserve > 0 && range.DecodeRaw(1) != 0;
        FineEnergy.Finish(ref range, frame, range.Length * 8 - range.Tell(), _energies.Current);
        if (fillsCollapsed)
            AntiCollapse.Apply(frame, _energies, _bands.Spectrum, seed);
        return postFilter;
    }

    /// <summary>Noise with the energies of the last frame, which fall to those of the background.</summary>
    private void ConcealByNoise()
    {
        const float FirstDecay = 1.5f;
        const float LaterDecay = 0.5f;
        var frame = _frame;
        frame.Channels = _channels;
        var decay = _losses == 0 ? FirstDecay : LaterDecay;
        for (var channel = 0; channel < frame.Channels; channel++)
        {
            for (var band = frame.StartBand; band < frame.EndBand; band++)
            {
                ref var energy = ref _energies.Current[channel * CeltBands.Count + band];
                energy = Math.Max(_energies.Background[channel * CeltBands.Count + band], energy - decay);
                var start = channel * frame.Length + frame.Edge(band);
                var shape = _bands.Spectrum.Slice(start, frame.Edge(band + 1) - frame.Edge(band));
                Noise.Fill(shape, ref _seed);
                VectorMath.Normalize(shape, 1);
            }
        }

        _synthesis.Run(frame, _bands.Spectrum, _energies.Current, isSilent: false);
    }

    private void ConcealByPitch()
    {
        _synthesis.Disturb();
        _concealment.Run(_synthesis.Left, _synthesis.Right, _frame.Length, _losses == 0, _postFilter);
    }

    /// <summary>The last frame's filter acts on the first 2.5 ms yet, and this frame's after them (§4.3.7.1).</summary>
    private void FilterPitch(PostFilterSetting setting)
    {
        _synthesis.FilterPitch(_frame.Length, _lastPostFilter, _postFilter, setting);
        _lastPostFilter = _frame.SizeLog > 0 ? setting : _postFilter;
        _postFilter = setting;
    }

    private void Output(Span<float> pcm, bool accumulate)
    {
        if (_synthesis.IsQuiet)
        {
            if (!accumulate)
                pcm[..(_frame.Length / _decimation * _channels)].Clear();
            return;
        }

        var start = HistoryLength - _frame.Length;
        var right = _channels == 2 ? _synthesis.Right.Slice(start, _frame.Length) : default;
        var count = _frame.Length / _decimation * _channels;
        _deEmphasis.Apply(_synthesis.Left.Slice(start, _frame.Length), right, pcm[..count], accumulate);
    }
}
