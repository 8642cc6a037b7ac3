namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// Anti-collapse processing (RFC 6716 §4.3.5): where short MDCTs of a transient frame are empty in a band, they get noise of the
/// energy that the band had in the two frames before.
/// </summary>
internal static class AntiCollapse
{
    private const float RootOfTwo = 1.41421356f;

    /// <summary>Fills the empty short MDCTs.</summary>
    /// <param name="frame">The frame, with its collapse masks.</param>
    /// <param name="energies">The energies of this frame and those before.</param>
    /// <param name="spectrum">The shapes; the second channel's follow the first's.</param>
    /// <param name="seed">Where the noise begins.</param>
    public static void Apply(CeltFrame frame, BandEnergies energies, Span<float> spectrum, uint seed)
    {
        for (var band = frame.StartBand; band < frame.EndBand; band++)
        {
            var width = CeltBands.Width(band);
            var depth = (int)((uint)(1 + frame.ShapeBits[band]) / (uint)width) >> frame.SizeLog;
            var limit = 0.5f * Trigonometry.PowerOfTwo(-0.125f * depth);
            var perBin = 1 / MathF.Sqrt(width << frame.SizeLog);
            for (var channel = 0; channel < frame.Channels; channel++)
            {
                var shape = spectrum.Slice(channel * frame.Length + frame.Edge(band), width << frame.SizeLog);
                var level = Math.Min(limit, Level(frame, energies, band, channel)) * perBin;
                var mask = frame.CollapseMasks[band * frame.Channels + channel];
                if (FillEmpty(shape, frame.SizeLog, mask, level, ref seed))
                    VectorMath.Normalize(shape, 1);
            }
        }
    }

    /// <summary>The level of a band's quieter one of the last two frames, relative to this one.</summary>
    private static float Level(CeltFrame frame, BandEnergies energies, int band, int channel)
    {
        var at = channel * CeltBands.Count + band;
        var last = energies.Last[at];
        var secondLast = energies.SecondLast[at];
        if (frame.Channels == 1)
        {
            last = Math.Max(last, energies.Last[CeltBands.Count + band]);
            secondLast = Math.Max(secondLast, energies.SecondLast[CeltBands.Count + band]);
        }

        var fall = Math.Max(0, energies.Current[at] - Math.Min(last, secondLast));

        // Short blocks have less energy than long ones.
        var level = 2 * Trigonometry.PowerOfTwo(-fall);
        return frame.SizeLog == 3 ? level * RootOfTwo : level;
    }

    private static bool FillEmpty(Span<float> shape, int sizeLog, int mask, float level, ref uint seed)
    {
        var blocks = 1 << sizeLog;
        var anyFilled = false;
        for (var block = 0; block < blocks; block++)
        {
            if ((mask & 1 << block) != 0)
                continue;
            for (var i = block; i < shape.Length; i += blocks)
            {
                seed = Noise.Next(seed);
                shape[i] = (seed & 0x8000) != 0 ? level : -level;
            }

            anyFilled = true;
        }

        return anyFilled;
    }
}
