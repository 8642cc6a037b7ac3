namespace VoiceKit.Waveforms;

/// <summary>
/// Finds the offset that all of the audio stands on, as cheap microphones and sound cards have it: nobody hears it, and bars are
/// not to show it. What only looks like one is left alone: a low voice within a short stretch, noise, a level that changes.
/// </summary>
internal ref struct OffsetFinder
{
    private const int MaxGroups = 64;
    private const int MinGroups = 16;

    // Four periods of a very low voice.
    private const double LeastGroupSeconds = 0.05;

    // −66 dBFS: what is less is seen nowhere.
    private const float Least = 0.0005f;

    private readonly Span<float> _means;
    private readonly Span<float> _swings;
    private readonly Span<float> _scratch;
    private int _count;

    private OffsetFinder(Span<float> means, Span<float> swings, Span<float> scratch)
    {
        _means = means;
        _swings = swings;
        _scratch = scratch;
    }

    /// <summary>Finds the offset of each channel; 0 where there is none.</summary>
    /// <param name="ranges">What the bins tell of their channels.</param>
    /// <param name="energies">The sum of the squares in each bin, all channels together.</param>
    /// <param name="binFrames">The frames in a bin.</param>
    /// <param name="frames">The frames in all bins.</param>
    /// <param name="sampleRate">In Hz.</param>
    /// <param name="offsets">Where the offsets go, one for each channel.</param>
    /// <returns>Whether a channel has one.</returns>
    public static bool TryFind(
        ReadOnlySpan<OffsetRange> ranges,
        ReadOnlySpan<double> energies,
        long binFrames,
        long frames,
        int sampleRate,
        Span<float> offsets)
    {
        offsets.Clear();
        var groups = (int)Math.Min(MaxGroups, Math.Min(energies.Length, frames / (LeastGroupSeconds * sampleRate)));
        if (groups < MinGroups)
            return false;
        var finder = new OffsetFinder(stackalloc float[MaxGroups], stackalloc float[MaxGroups], stackalloc float[MaxGroups]);
        var size = energies.Length / groups;
        var isFound = false;
        for (var channel = 0; channel < offsets.Length; channel++)
        {
            finder.Gather(ranges, energies, size, (float)(size * binFrames), channel, offsets.Length);
            offsets[channel] = finder.Find(groups);
            isFound |= offsets[channel] != 0;
        }

        return isFound;
    }

    // Digital silence, as before a microphone is on, stands on nothing.
    private void Gather(
        ReadOnlySpan<OffsetRange> ranges, ReadOnlySpan<double> energies, int size, float groupFrames, int channel, int channels)
    {
        _count = 0;
        for (var start = 0; start + size <= energies.Length && _count < MaxGroups; start += size)
        {
            double sum = 0, energy = 0;
            for (var bin = start; bin < start + size; bin++)
            {
                sum += ranges[bin * channels + channel].Sum;
                energy += energies[bin];
            }

            if (energy == 0)
                continue;
            var mean = sum / groupFrames;
            _means[_count] = (float)mean;
            _swings[_count++] = (float)Math.Sqrt(Math.Max(0, energy / groupFrames - mean * mean));
        }
    }

    private readonly float Find(int groups)
    {
        if (_count < MinGroups || _count < groups / 2)
            return 0;
        var offset = MedianOf(_means[.._count]);
        if (!(Math.Abs(offset) >= Least) || !IsUnderAll(offset) || !IsOnOneSide(offset))
            return 0;
        for (var i = 0; i < _count; i++)
            _scratch[i] = Math.Abs(_means[i] - offset);

        // More than six times what chance makes of a mean that is 0.
        var deviation = MedianInPlace(_scratch[.._count]);
        return Math.Abs(offset) > 12 * deviation / MathF.Sqrt(_count) ? offset : 0;
    }

    // Where a stretch stands elsewhere, its own swing has to explain it: a part of a period, a blow at the microphone. A few may
    // be the moment in which it was switched on.
    private readonly bool IsUnderAll(float offset)
    {
        var others = 0;
        for (var i = 0; i < _count; i++)
            others += Math.Abs(_means[i] - offset) > 0.25f * Math.Abs(offset) + 0.5f * SwingAbout(i) ? 1 : 0;
        return others <= _count / 16;
    }

    // Parts of periods are as often on the other side.
    private readonly bool IsOnOneSide(float offset)
    {
        var same = 0;
        foreach (var mean in _means[.._count])
            same += mean * offset > 0 ? 1 : 0;
        return same > _count * 3 / 4;
    }

    private readonly float SwingAbout(int group) => Math.Max(0, _swings[group] - 0.05f * Math.Abs(_means[group]));

    private readonly float MedianOf(ReadOnlySpan<float> values)
    {
        values.CopyTo(_scratch);
        return MedianInPlace(_scratch[..values.Length]);
    }

    private static float MedianInPlace(Span<float> values)
    {
        values.Sort();
        return values[values.Length / 2];
    }
}
