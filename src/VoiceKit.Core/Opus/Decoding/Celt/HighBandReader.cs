using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// Reads of hybrid frames how loud they are above 8 kHz, and no more: the energies of the bands but not their shapes. What
/// the bits at the end of a frame would add to the energies is below 0.4 dB.
/// </summary>
internal sealed class HighBandReader
{
    /// <summary>The first band above 8 kHz.</summary>
    public const int StartBand = 17;

    /// <summary>What adds so little to the power of the rest, 0.02 dB, does not count.</summary>
    private const float NegligibleShare = 1 / 256f;

    /// <summary>The most that fine energy, half a step of 6 dB, makes of the power of a coarse one.</summary>
    private const float LargestRise = 2;

    private readonly CeltFrame _frame = new();
    private readonly BandEnergies _energies = new();
    private readonly FrameReader _reader = new();

    public HighBandReader() => Reset();

    /// <summary>Forgets all frames.</summary>
    public void Reset() => _energies.Reset();

    /// <summary>Reads a frame.</summary>
    /// <param name="range">The range decoder, after SILK's part.</param>
    /// <param name="length">The frame's length at 48 kHz.</param>
    /// <param name="channels">The channels of the stream.</param>
    /// <param name="endBand">The end of the bands that are coded.</param>
    /// <param name="lowPower">The mean square below 8 kHz; 1 is that of full scale.</param>
    /// <returns>The mean square above 8 kHz; 0 where it adds next to nothing to that below.</returns>
    public float Read(ref RangeDecoder range, int length, int channels, int endBand, float lowPower)
    {
        if (range.Length <= 1)
            return 0;
        _frame.Begin(length, channels, StartBand, endBand);
        if (channels == 1)
            _energies.MergeChannels(StartBand);
        var power = 0f;
        if (FrameReader.IsSilent(ref range))
        {
            _energies.MakeSilent(channels);
        }
        else
        {
            power = ReadPower(ref range, NegligibleShare * lowPower);
        }

        if (channels == 1)
            _energies.CopyToSecondChannel();
        _energies.AdvanceCurrent(_frame);
        return power;
    }

    // Of what is negligible the fine energies are not read. Prediction halves what they lack from frame to frame.
    private float ReadPower(ref RangeDecoder range, float negligible)
    {
        FrameReader.ReadCoarse(ref range, _frame, _energies.Current);
        if (LargestRise * BandPower.Sum(_frame, _energies.Current, StartBand) <= negligible)
            return 0;
        _reader.ReadFine(ref range, _frame, _energies.Current);
        return BandPower.Sum(_frame, _energies.Current, StartBand);
    }
}
