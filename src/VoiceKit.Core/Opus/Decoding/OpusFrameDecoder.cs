using VoiceKit.Opus.Decoding.Celt;
using VoiceKit.Opus.Decoding.Range;
using VoiceKit.Opus.Decoding.Silk;

namespace VoiceKit.Opus.Decoding;

/// <summary>
/// Joins the layers: decodes the frames of packets by mode, and goes from one mode to another without a break (RFC 6716 §4.5).
/// </summary>
internal sealed class OpusFrameDecoder
{
    private const int HybridStartBand = HighBandReader.StartBand;

    /// <summary>Up to this rate of the output, what hybrid frames have of CELT is above its bandwidth: 8 kHz and more.</summary>
    private const int HighestRateWithoutHighBands = 16_000;

    private readonly int _sampleRate;
    private readonly int _channels;
    private readonly bool _leavesHighBandsOut;
    private readonly SilkDecoder _silk;
    private readonly CeltDecoder _celt;
    private readonly CrossFade _crossFade;
    private readonly HighBandReader _highBands = new();

    /// <summary>What the mode before would have gone on with, 5 ms, where modes change without redundancy (§4.5.3).</summary>
    private readonly float[] _transition;

    /// <summary>The redundant frame, 5 ms (§4.5.1).</summary>
    private readonly float[] _redundant;

    /// <summary>10 ms of SILK, of which less is wanted.</summary>
    private readonly float[] _tooLong;

    private OpusToc _toc;
    private OpusMode? _mode;
    private OpusMode? _lastMode;
    private bool _wasRedundant;

    /// <summary>Creates a decoder.</summary>
    /// <param name="sampleRate">The rate of the output in Hz.</param>
    /// <param name="channels">The channels of the output, 1 or 2.</param>
    /// <param name="isForLevels">
    /// Whether only the level of the output is wanted. SILK is rounded otherwise then. The high bands of hybrid frames, which are
    /// silent at 16 kHz and below, are not even read there, and <see cref="FinalRange"/> is of no use.
    /// </param>
    public OpusFrameDecoder(int sampleRate, int channels, bool isForLevels = false)
    {
        _sampleRate = sampleRate;
        _channels = channels;
        _leavesHighBandsOut = isForLevels && sampleRate <= HighestRateWithoutHighBands;
        _silk = new SilkDecoder(sampleRate, channels, isForLevels);
        _celt = new CeltDecoder(sampleRate, channels);
        _crossFade = new CrossFade(sampleRate, channels);
        _transition = new float[Samples(5)];
        _redundant = new float[Samples(5)];
        _tooLong = new float[Samples(10)];
    }

    /// <summary>The mode of the last packet; none before the first.</summary>
    public OpusMode? Mode => _mode;

    /// <summary>
    /// The range decoder's range after the last frame, combined with that of its redundant frame: what encoder and decoder agree
    /// on.
    /// </summary>
    public uint FinalRange { get; private set; }

    /// <summary>
    /// Whether a frame of the last packet began with a redundant one, which goes on with what CELT had decoded or made up last.
    /// </summary>
    public bool HasLeadingRedundancy { get; private set; }

    /// <summary>
    /// The mean square that the last frame has above 8 kHz, if it is decoded for levels at 16 kHz or below; 1 is that of full
    /// scale.
    /// </summary>
    public float InaudiblePower { get; private set; }

    /// <summary>Forgets all audio (§4.5.2).</summary>
    public void Reset()
    {
        _silk.Reset();
        _celt.Reset();
        _toc = default;
        _mode = _lastMode = null;
        _wasRedundant = false;
        FinalRange = 0;
    }

    /// <summary>Takes on the mode, bandwidth, frame duration and channels of a packet.</summary>
    public void BeginPacket(OpusToc toc)
    {
        _toc = toc;
        _mode = toc.Mode;
        HasLeadingRedundancy = false;
    }

    /// <summary>Decodes one frame of the packet.</summary>
    /// <param name="frame">Its bytes; none or one mean that it was not sent.</param>
    /// <param name="pcm">Receives its whole duration, interleaved.</param>
    public void Decode(ReadOnlySpan<byte> frame, Span<float> pcm)
    {
        if (frame.Length <= 1)
            Conceal(pcm);
        else
            Decode(frame, pcm, SilkSource.Regular);
    }

    /// <summary>Decodes the redundant copy, in a frame of the packet, of the frame that was lost before it.</summary>
    /// <param name="frame">The bytes of the frame; none or one mean that it was not sent.</param>
    /// <param name="pcm">Receives the duration of a frame, interleaved.</param>
    public void DecodeRedundancy(ReadOnlySpan<byte> frame, Span<float> pcm)
    {
        if (frame.Length <= 1)
            Conceal(pcm);
        else
            Decode(frame, pcm, SilkSource.Redundant);
    }

    /// <summary>Makes up for lost time (§4.4).</summary>
    /// <param name="pcm">Receives a multiple of 2.5 ms.</param>
    public void Conceal(Span<float> pcm)
    {
        if (_lastMode is not { } mode)
        {
            // Nothing has been heard that could go on.
            pcm.Clear();
            return;
        }

        while (!pcm.IsEmpty)
        {
            var length = ConcealableLength(pcm.Length, mode);
            ConcealStep(pcm[..length], mode);
            pcm = pcm[length..];
        }
    }

    // What the layers conceal at once: 20, 10, 5 or 2.5 ms, and no more than the last packet's frames have.
    private int ConcealableLength(int length, OpusMode mode)
    {
        length = Math.Min(length, _toc.FrameDuration / (OpusRates.Full / _sampleRate) * _channels);
        if (length >= Samples(20))
            return Samples(20);
        if (length > Samples(10))
            return Samples(10);
        return mode != OpusMode.Silk && length > Samples(5) && length < Samples(10) ? Samples(5) : length;
    }

    private void ConcealStep(Span<float> pcm, OpusMode mode)
    {
        if (mode != OpusMode.Celt)
        {
            var nothing = new RangeDecoder([]);
            DecodeSilk(ref nothing, SilkSource.Lost, pcm);
        }

        _celt.StreamChannels = StreamChannels;
        _celt.StartBand = mode == OpusMode.Celt ? 0 : HybridStartBand;
        if (mode == OpusMode.Celt || (mode == OpusMode.Hybrid && !_leavesHighBandsOut))
            _celt.Conceal(pcm.Length / _channels, pcm, accumulate: mode == OpusMode.Hybrid);
        FinalRange = 0;
        _wasRedundant = false;
        InaudiblePower = 0;
    }

    private void Decode(ReadOnlySpan<byte> frame, Span<float> pcm, SilkSource source)
    {
        var mode = _toc.Mode;
        InaudiblePower = 0;
        var isTransition = IsTransition(mode);
        if (isTransition && mode == OpusMode.Celt)
            ConcealTransition(pcm.Length);

        var range = new RangeDecoder(frame);
        var redundancy = default(Redundancy);
        if (mode != OpusMode.Celt)
        {
            if (_lastMode == OpusMode.Celt)
                _silk.Reset();
            PrepareSilk(mode);
            DecodeSilk(ref range, source, pcm);
            if (source == SilkSource.Regular)
                redundancy = Redundancy.Read(ref range, mode == OpusMode.Hybrid);
            isTransition &= !redundancy.IsPresent;
            if (isTransition)
                ConcealTransition(pcm.Length);
        }

        _celt.EndBand = EndBand(_toc.Bandwidth);
        _celt.StreamChannels = StreamChannels;
        uint redundantRange = 0;
        if (redundancy is { IsPresent: true, IsFirst: true })
        {
            HasLeadingRedundancy = true;
            redundantRange = DecodeRedundant(frame[^redundancy.Length..]);
        }

        DecodeCelt(ref range, source, mode, redundancy, pcm);
        if (redundancy is { IsPresent: true, IsFirst: false })
        {
            _celt.Reset();
            redundantRange = DecodeRedundant(frame[^redundancy.Length..]);
        }

        JoinRedundant(redundancy, pcm);
        if (isTransition)
            JoinTransition(pcm);
        FinalRange = frame.Length - redundancy.Used <= 1 ? 0 : range.FinalRange ^ redundantRange;
        _lastMode = mode;
        _wasRedundant = redundancy is { IsPresent: true, IsFirst: false };
    }

    /// <summary>Whether the mode changes to or from CELT with nothing sent to smooth it.</summary>
    private bool IsTransition(OpusMode mode) =>
        mode == OpusMode.Celt
            ? _lastMode is OpusMode.Silk or OpusMode.Hybrid && !_wasRedundant
            : _lastMode == OpusMode.Celt;

    private void ConcealTransition(int length) => Conceal(_transition.AsSpan(0, Math.Min(_transition.Length, length)));

    private void PrepareSilk(OpusMode mode)
    {
        _silk.StreamChannels = StreamChannels;
        _silk.Kilohertz = (mode, _toc.Bandwidth) switch
        {
            (OpusMode.Silk, OpusBandwidth.Narrowband) => 8,
            (OpusMode.Silk, OpusBandwidth.Mediumband) => 12,
            _ => 16,
        };
    }

    private void DecodeSilk(ref RangeDecoder range, SilkSource source, Span<float> pcm)
    {
        if (pcm.Length < Samples(10))
        {
            _silk.Decode(ref range, source, 10, isFirst: true, _tooLong);
            _tooLong.AsSpan(0, pcm.Length).CopyTo(pcm);
            return;
        }

        var milliseconds = pcm.Length / _channels * 1000 / _sampleRate;
        for (var done = 0; done < pcm.Length;)
            done += _channels * _silk.Decode(ref range, source, milliseconds, isFirst: done == 0, pcm[done..]);
    }

    private void DecodeCelt(ref RangeDecoder range, SilkSource source, OpusMode mode, Redundancy redundancy, Span<float> pcm)
    {
        if (mode == OpusMode.Silk)
        {
            // The MDCT's part of a hybrid frame before fades out over a frame of silence.
            if (_lastMode == OpusMode.Hybrid && !(redundancy is { IsPresent: true, IsFirst: true } && _wasRedundant))
            {
                _celt.StartBand = 0;
                var silence = new RangeDecoder([0xFF, 0xFF]);
                _celt.Decode(ref silence, _sampleRate / 400, pcm, accumulate: true);
            }

            return;
        }

        _celt.StartBand = mode == OpusMode.Celt ? 0 : HybridStartBand;
        if (_lastMode is { } last && last != mode && !_wasRedundant)
            _celt.Reset();
        if (mode == OpusMode.Hybrid && _leavesHighBandsOut)
        {
            MeasureHighBands(ref range, source, pcm);
            return;
        }

        if (source == SilkSource.Redundant)
            _celt.Conceal(pcm.Length / _channels, pcm, accumulate: true);
        else
            _celt.Decode(ref range, pcm.Length / _channels, pcm, accumulate: mode == OpusMode.Hybrid);
        if (_leavesHighBandsOut)
            InaudiblePower = _celt.HighPower;
    }

    private void MeasureHighBands(ref RangeDecoder range, SilkSource source, ReadOnlySpan<float> low)
    {
        if (_lastMode != OpusMode.Hybrid)
            _highBands.Reset();
        if (source != SilkSource.Regular)
            return;
        var lowPower = VectorMath.Dot(low, low) / low.Length;
        InaudiblePower = _highBands.Read(ref range, _toc.FrameDuration, StreamChannels, EndBand(_toc.Bandwidth), lowPower);
    }

    // §4.5.1.4
    private uint DecodeRedundant(ReadOnlySpan<byte> frame)
    {
        _celt.StartBand = 0;
        var range = new RangeDecoder(frame);
        _celt.Decode(ref range, _sampleRate / 200, _redundant, accumulate: false);
        return range.FinalRange;
    }

    // The first 2.5 ms of a redundant frame only warm up the MDCT; over the others it fades.
    private void JoinRedundant(Redundancy redundancy, Span<float> pcm)
    {
        if (!redundancy.IsPresent)
            return;
        var half = _redundant.Length / 2;
        var later = _redundant.AsSpan(half);
        if (redundancy.IsFirst)
        {
            _redundant.AsSpan(0, half).CopyTo(pcm);
            var joint = pcm.Slice(half, half);
            _crossFade.Apply(later, joint, joint);
        }
        else
        {
            var joint = pcm[^half..];
            _crossFade.Apply(joint, later, joint);
        }
    }

    private void JoinTransition(Span<float> pcm)
    {
        var half = _transition.Length / 2;
        if (pcm.Length < _transition.Length)
        {
            _crossFade.Apply(_transition.AsSpan(0, half), pcm[..half], pcm[..half]);
            return;
        }

        _transition.AsSpan(0, half).CopyTo(pcm);
        var joint = pcm.Slice(half, half);
        _crossFade.Apply(_transition.AsSpan(half), joint, joint);
    }

    private int StreamChannels => _toc.IsStereo ? 2 : 1;

    private int Samples(int milliseconds) => _sampleRate / 1000 * milliseconds * _channels;

    private static int EndBand(OpusBandwidth bandwidth) => bandwidth switch
    {
        OpusBandwidth.Narrowband => 13,
        OpusBandwidth.Mediumband or OpusBandwidth.Wideband => 17,
        OpusBandwidth.Superwideband => 19,
        _ => 21,
    };
}
