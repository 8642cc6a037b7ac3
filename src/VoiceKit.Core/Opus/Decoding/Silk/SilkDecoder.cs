using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>The SILK layer of a stream (RFC 6716 §4.2): from the bits of a packet to samples at the rate of the output.</summary>
internal sealed class SilkDecoder
{
    private readonly int _sampleRate;
    private readonly int _channels;
    private readonly SilkChannel _mid;
    private readonly SilkChannel _side;
    private readonly StereoUnmixer _stereo = new();
    private readonly int[] _midSamples = new int[StereoUnmixer.Ahead + SilkChannel.MaxFrameLength];
    private readonly int[] _sideSamples = new int[StereoUnmixer.Ahead + SilkChannel.MaxFrameLength];
    private readonly float[] _resampled;
    private int _lastStreamChannels;
    private int _frameCount;
    private bool _wasMidOnly;

    /// <summary>Creates a decoder.</summary>
    /// <param name="sampleRate">The rate of the output in Hz.</param>
    /// <param name="channels">The channels of the output, 1 or 2.</param>
    /// <param name="isForLevels">
    /// Whether only the level of the output is wanted; what depends on rounding alone may differ then.
    /// </param>
    public SilkDecoder(int sampleRate, int channels, bool isForLevels = false)
    {
        _sampleRate = sampleRate;
        _channels = channels;
        var synthesizer = new SilkSynthesizer(isForLevels);
        _mid = new SilkChannel(synthesizer);
        _side = new SilkChannel(synthesizer);
        _resampled = new float[sampleRate / 50];
    }

    /// <summary>The internal rate of the stream: 8, 12 or 16 kHz.</summary>
    public int Kilohertz { get; set; } = 16;

    /// <summary>The channels of the stream, 1 or 2.</summary>
    public int StreamChannels { get; set; } = 1;

    /// <summary>Forgets all audio (§4.5.2).</summary>
    public void Reset()
    {
        _mid.Reset();
        _side.Reset();
        _stereo.Reset();
        _wasMidOnly = false;
    }

    /// <summary>Decodes one SILK frame: 10 or 20 ms.</summary>
    /// <param name="range">The packet, or at the second and third frame what is left of it; not read where it is lost.</param>
    /// <param name="source">What to decode.</param>
    /// <param name="milliseconds">The duration of the Opus frame: 10, 20, 40 or 60 ms.</param>
    /// <param name="isFirst">Whether it is the first SILK frame of the Opus frame.</param>
    /// <param name="pcm">Receives interleaved samples between −1 and 1.</param>
    /// <returns>The samples per channel.</returns>
    public int Decode(ref RangeDecoder range, SilkSource source, int milliseconds, bool isFirst, scoped Span<float> pcm)
    {
        var collapsed = StreamChannels == 1 && _lastStreamChannels == 2 && Kilohertz == _mid.Kilohertz;
        if (isFirst)
            Begin(ref range, source, milliseconds);

        var weights = _stereo.LastWeights;
        var isMidOnly = false;
        if (StreamChannels == 2)
            ReadStereo(ref range, source, ref weights, ref isMidOnly);
        if (StreamChannels == 2 && !isMidOnly && _wasMidOnly)
            _side.Restart();

        var hasSide = source == SilkSource.Regular
            ? !isMidOnly
            : !_wasMidOnly || (StreamChannels == 2 && source == SilkSource.Redundant && _side.Redundancy[_side.FramesDecoded]);
        DecodeChannels(ref range, source, hasSide);
        Unmix(weights);
        var length = Resample(collapsed, pcm);
        if (source == SilkSource.Lost)
            ForgetGains();
        else
            _wasMidOnly = isMidOnly;
        return length;
    }

    private void Begin(ref RangeDecoder range, SilkSource source, int milliseconds)
    {
        if (StreamChannels > _lastStreamChannels)
            _side.Reset();
        _frameCount = milliseconds <= 20 ? 1 : milliseconds / 20;
        var subframes = milliseconds == 10 ? 2 : 4;
        _mid.FramesDecoded = 0;
        _mid.Configure(Kilohertz, subframes, _sampleRate);
        if (StreamChannels == 2)
        {
            _side.FramesDecoded = 0;
            _side.Configure(Kilohertz, subframes, _sampleRate);
            if (_channels == 2 && _lastStreamChannels == 1)
            {
                _stereo.ResetSide();
                _side.Resampler.CopyFrom(_mid.Resampler);
            }
        }

        _lastStreamChannels = StreamChannels;
        if (source != SilkSource.Lost)
            ReadHeader(ref range, source);
    }

    // §4.2.3 and §4.2.4
    private void ReadHeader(ref RangeDecoder range, SilkSource source)
    {
        var midIsRedundant = ReadHeaderBits(ref range, _mid);
        var sideIsRedundant = StreamChannels == 2 && ReadHeaderBits(ref range, _side);
        ReadRedundancy(ref range, _mid, midIsRedundant);
        if (StreamChannels == 2)
            ReadRedundancy(ref range, _side, sideIsRedundant);
        if (source == SilkSource.Regular)
            SkipRedundantFrames(ref range);
    }

    private bool ReadHeaderBits(ref RangeDecoder range, SilkChannel channel)
    {
        for (var i = 0; i < _frameCount; i++)
            channel.Activity[i] = range.DecodeBit(1);
        return range.DecodeBit(1);
    }

    private void ReadRedundancy(ref RangeDecoder range, SilkChannel channel, bool isRedundant)
    {
        Array.Clear(channel.Redundancy);
        if (!isRedundant)
            return;
        var flags = _frameCount switch
        {
            1 => 1,
            2 => range.DecodeSymbol(SilkHeaderTables.RedundancyFlags40) + 1,
            _ => range.DecodeSymbol(SilkHeaderTables.RedundancyFlags60) + 1,
        };
        for (var i = 0; i < _frameCount; i++)
            channel.Redundancy[i] = (flags >> i & 1) != 0;
    }

    // §4.2.5
    private void SkipRedundantFrames(ref RangeDecoder range)
    {
        for (var i = 0; i < _frameCount; i++)
        {
            if (_mid.Redundancy[i])
            {
                if (StreamChannels == 2)
                {
                    StereoUnmixer.ReadWeights(ref range);
                    if (!_side.Redundancy[i])
                        range.DecodeSymbol(SilkHeaderTables.MidOnlyFlag);
                }

                _mid.Skip(ref range, RedundantCoding(_mid, i));
            }

            if (StreamChannels == 2 && _side.Redundancy[i])
                _side.Skip(ref range, RedundantCoding(_side, i));
        }
    }

    private static SilkCoding RedundantCoding(SilkChannel channel, int frame) =>
        frame > 0 && channel.Redundancy[frame - 1] ? SilkCoding.Conditional : SilkCoding.Independent;

    // §4.2.7.1 and §4.2.7.2
    private void ReadStereo(ref RangeDecoder range, SilkSource source, ref (int First, int Second) weights, ref bool isMidOnly)
    {
        var frame = _mid.FramesDecoded;
        if (source == SilkSource.Lost || (source == SilkSource.Redundant && !_mid.Redundancy[frame]))
            return;
        weights = StereoUnmixer.ReadWeights(ref range);
        var isSideSure = source == SilkSource.Regular ? _side.Activity[frame] : _side.Redundancy[frame];
        if (!isSideSure)
            isMidOnly = range.DecodeSymbol(SilkHeaderTables.MidOnlyFlag) != 0;
    }

    private void DecodeChannels(ref RangeDecoder range, SilkSource source, bool hasSide)
    {
        var frame = _mid.FramesDecoded;
        var coding = frame == 0 ? SilkCoding.Independent
            : source == SilkSource.Redundant ? RedundantCoding(_mid, frame)
            : SilkCoding.Conditional;
        _mid.Decode(ref range, source, coding, _midSamples.AsSpan(StereoUnmixer.Ahead, _mid.FrameLength));
        _mid.FramesDecoded++;
        if (StreamChannels == 1)
            return;

        var samples = _sideSamples.AsSpan(StereoUnmixer.Ahead, _mid.FrameLength);
        if (hasSide)
            _side.Decode(ref range, source, SideCoding(source, frame), samples);
        else
            samples.Clear();
        _side.FramesDecoded++;
    }

    private SilkCoding SideCoding(SilkSource source, int frame)
    {
        if (frame == 0)
            return SilkCoding.Independent;
        if (source == SilkSource.Redundant)
            return RedundantCoding(_side, frame);

        // A side frame was left out of this packet: what came before it is known to be silence.
        return _wasMidOnly ? SilkCoding.IndependentWithoutScaling : SilkCoding.Conditional;
    }

    private void Unmix((int First, int Second) weights)
    {
        var mid = _midSamples.AsSpan(0, StereoUnmixer.Ahead + _mid.FrameLength);
        if (_channels == 2 && StreamChannels == 2)
            _stereo.Unmix(mid, _sideSamples.AsSpan(0, mid.Length), weights, Kilohertz);
        else
            _stereo.Delay(mid);
    }

    // §4.2.9
    private int Resample(bool collapsed, scoped Span<float> pcm)
    {
        var mid = _midSamples.AsSpan(StereoUnmixer.Ahead - 1, _mid.FrameLength);
        var length = _mid.Resampler.OutputLength(mid.Length);
        if (_channels == 1)
        {
            _mid.Resampler.Process(mid, pcm[..length]);
            return length;
        }

        var resampled = _resampled.AsSpan(0, length);
        _mid.Resampler.Process(mid, resampled);
        Interleave(resampled, pcm, 0);
        if (StreamChannels == 2)
            _side.Resampler.Process(_sideSamples.AsSpan(StereoUnmixer.Ahead - 1, mid.Length), resampled);
        else if (collapsed)
            _side.Resampler.Process(mid, resampled);
        Interleave(resampled, pcm, 1);
        return length;
    }

    private static void Interleave(ReadOnlySpan<float> samples, Span<float> pcm, int channel)
    {
        for (var i = 0; i < samples.Length; i++)
            pcm[2 * i + channel] = samples[i];
    }

    private void ForgetGains()
    {
        _mid.ForgetGain();
        if (StreamChannels == 2)
            _side.ForgetGain();
    }
}
