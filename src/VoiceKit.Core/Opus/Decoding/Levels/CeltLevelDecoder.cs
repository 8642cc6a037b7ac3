using VoiceKit.Opus.Decoding.Celt;
using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Levels;

/// <summary>
/// How loud CELT frames are, from the energies of their bands (RFC 6716 §4.3.2): the shapes of the bands, which are most of a frame,
/// are not read, and nothing is transformed.
/// </summary>
/// <remarks>
/// The MDCT keeps energy, so the mean square is half the sum of the bands' energies, each by what de-emphasis gives its frequencies,
/// divided by the number of short MDCTs. What the bits at the end of a frame would add to the energies is below 0.4 dB a band.
/// </remarks>
internal sealed class CeltLevelDecoder
{
    private const float FullScalePower = 32768f * 32768f;
    private const double DeEmphasisFactor = 0.8500061035;
    private static readonly float[] DeEmphasisPowers = BuildDeEmphasisPowers();

    private readonly CeltFrame _frame = new();
    private readonly BandEnergies _energies = new();
    private readonly FrameReader _reader = new();
    private PostFilterSetting _postFilter = PostFilterSetting.Off;

    public CeltLevelDecoder() => Reset();

    /// <summary>Forgets all frames.</summary>
    public void Reset()
    {
        _energies.Reset();
        _postFilter = PostFilterSetting.Off;
    }

    /// <summary>Reads how loud a frame is.</summary>
    /// <param name="range">The range decoder, at the begin of the frame or after SILK's part.</param>
    /// <param name="duration">The frame's length at 48 kHz.</param>
    /// <param name="channels">The channels of the stream.</param>
    /// <param name="startBand">The first band that is coded.</param>
    /// <param name="endBand">The end of the bands that are coded.</param>
    /// <returns>The mean square, over both channels.</returns>
    public float Decode(ref RangeDecoder range, int duration, int channels, int startBand, int endBand)
    {
        var frame = _frame;
        frame.SizeLog = (duration / CeltBands.ShortLength) switch { 1 => 0, 2 => 1, 4 => 2, _ => 3 };
        frame.Channels = channels;
        frame.StartBand = startBand;
        frame.EndBand = endBand;
        frame.IsTransient = false;
        if (channels == 1)
            _energies.MergeChannels();
        var power = 0f;
        var postFilter = PostFilterSetting.Off;
        if (FrameReader.IsSilent(ref range))
        {
            _energies.MakeSilent(channels);
        }
        else
        {
            postFilter = _reader.Read(ref range, frame, _energies.Current);
            power = Power() * PostFilterPower(postFilter);
        }

        if (channels == 1)
            _energies.CopyToSecondChannel();
        _energies.Advance(frame, losses: 0);
        _postFilter = postFilter;
        return power;
    }

    private float Power()
    {
        var sum = 0f;
        for (var channel = 0; channel < _frame.Channels; channel++)
        {
            for (var band = _frame.StartBand; band < _frame.EndBand; band++)
            {
                var gain = Denormalization.Gain(band, _energies.Current[channel * CeltBands.Count + band]);
                sum += gain * gain * DeEmphasisPowers[band];
            }
        }

        return sum / (2 * _frame.Channels * _frame.Blocks * FullScalePower);
    }

    /// <summary>
    /// What the post-filter gives back of the harmonics. An encoder's gain follows the correlation of the signal with itself a
    /// period before.
    /// </summary>
    private float PostFilterPower(PostFilterSetting setting)
    {
        const float Correlated = 1.4f;
        var gain = (setting.Gain + _postFilter.Gain) / 2;
        return 1 / Math.Max(0.1f, 1 - Correlated * gain * gain);
    }

    /// <summary>The mean power of 1 / (1 - a z^-1) over the frequencies of each band.</summary>
    private static float[] BuildDeEmphasisPowers()
    {
        const int Steps = 16;
        var powers = new float[CeltBands.Count];
        for (var band = 0; band < powers.Length; band++)
        {
            var sum = 0.0;
            for (var step = 0; step < Steps; step++)
            {
                var edge = CeltBands.Edges[band] + (step + 0.5) / Steps * CeltBands.Width(band);
                var cosine = Trigonometry.OfTurns(edge / (2 * CeltBands.ShortLength)).Cosine;
                sum += 1 / (1 - 2 * DeEmphasisFactor * cosine + DeEmphasisFactor * DeEmphasisFactor);
            }

            powers[band] = (float)(sum / Steps);
        }

        return powers;
    }
}
