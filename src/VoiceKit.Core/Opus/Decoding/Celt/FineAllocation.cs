using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// The part of the bit allocation that divides each band's bits between its fine energy and its shape (RFC 6716 §4.3.3).
/// </summary>
internal static class FineAllocation
{
    private const int FractionBits = RangeDecoder.FractionBits;

    /// <summary>How many eighths of a bit less than a bin's share the energy gets.</summary>
    private const int Offset = 21;

    /// <summary>Divides the bits of all bands.</summary>
    public static void Split(CeltFrame frame)
    {
        frame.Balance = 0;
        for (var band = frame.StartBand; band < frame.CodedBands; band++)
            SplitBand(frame, band);
        for (var band = frame.CodedBands; band < frame.EndBand; band++)
            GiveAllToEnergy(frame, band);
    }

    private static void SplitBand(CeltFrame frame, int band)
    {
        var width = CeltBands.Width(band) << frame.SizeLog;
        var bits = frame.ShapeBits[band] + frame.Balance;
        int excess;
        if (width > 1)
        {
            excess = Math.Max(bits - frame.Caps[band], 0);
            SplitBits(frame, band, width, bits - excess);
        }
        else
        {
            // A single bin needs its sign; the rest is for its energy.
            excess = Math.Max(0, bits - (frame.Channels << FractionBits));
            frame.ShapeBits[band] = bits - excess;
            frame.FineBits[band] = 0;
            frame.ComesSecond[band] = true;
        }

        frame.Balance = excess > 0 ? SpendExcess(frame, band, excess) : 0;
    }

    private static void SplitBits(CeltFrame frame, int band, int width, int bits)
    {
        var channels = frame.Channels;
        var isJoint = channels == 2 && width > 2 && !frame.IsDualStereo && band < frame.IntensityBand;
        var freedoms = channels * width + (isJoint ? 1 : 0);
        var logs = freedoms * (CeltBands.WidthLogs[band] + (frame.SizeLog << FractionBits));
        var offset = (logs >> 1) - freedoms * Offset;
        if (width == 2)
            offset += freedoms << FractionBits >> 2;

        // The second and third bit come later.
        if (bits + offset < freedoms * 2 << FractionBits)
            offset += logs >> 2;
        else if (bits + offset < freedoms * 3 << FractionBits)
            offset += logs >> 3;

        var fine = Math.Max(0, bits + offset + (freedoms << (FractionBits - 1)));
        fine = (int)((uint)fine / (uint)freedoms) >> FractionBits;
        if (channels * fine > bits >> FractionBits)
            fine = bits >> (channels - 1) >> FractionBits;
        fine = Math.Min(fine, FineEnergy.MaxBits);

        frame.FineBits[band] = fine;
        frame.ComesSecond[band] = fine * (freedoms << FractionBits) >= bits + offset;
        frame.ShapeBits[band] = bits - (channels * fine << FractionBits);
    }

    /// <summary>Makes the energy finer by what the shape cannot use.</summary>
    /// <returns>The eighths of a bit that are left.</returns>
    private static int SpendExcess(CeltFrame frame, int band, int excess)
    {
        var more = Math.Min(excess >> (frame.Channels - 1 + FractionBits), FineEnergy.MaxBits - frame.FineBits[band]);
        frame.FineBits[band] += more;
        var spent = more * frame.Channels << FractionBits;
        frame.ComesSecond[band] = spent >= excess - frame.Balance;
        return excess - spent;
    }

    private static void GiveAllToEnergy(CeltFrame frame, int band)
    {
        frame.FineBits[band] = frame.ShapeBits[band] >> (frame.Channels - 1) >> FractionBits;
        frame.ShapeBits[band] = 0;
        frame.ComesSecond[band] = frame.FineBits[band] < 1;
    }
}
