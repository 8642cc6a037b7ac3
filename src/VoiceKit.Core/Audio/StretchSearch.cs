namespace VoiceKit.Audio;

/// <summary>
/// Finds the place where a signal goes on most like a given piece: the greatest normalised cross-correlation, first among
/// averages of a few frames each over two hops, then frame by frame around the best of those over one hop.
/// </summary>
internal sealed class StretchSearch
{
    // The coarse search sees what lies below 3 kHz; the fine one spans a period of anything above.
    private const int CoarseRate = 6_000;

    // What a place as far from the preferred one as can be has to be better by. None in the fine search: the top of a low
    // tone's correlation is so flat that it would shift it, and with it the pitch.
    private const double Bias = 0.02;

    // Far below the energy of one 24-bit step: without any sound no place is better than another.
    private const double Silence = 1e-14;

    private readonly int _hop;
    private readonly int _step;
    private readonly float[] _piece;
    private readonly float[] _region;

    /// <summary>Creates a search.</summary>
    /// <param name="sampleRate">Frames per second.</param>
    /// <param name="hop">Half of the length of the pieces that are compared, in frames.</param>
    /// <param name="maxPlaces">The greatest number of places to search.</param>
    public StretchSearch(int sampleRate, int hop, int maxPlaces)
    {
        _hop = hop;
        _step = Math.Clamp(sampleRate / CoarseRate, 1, hop);
        _piece = new float[2 * hop / _step];
        _region = new float[(maxPlaces + 2 * hop) / _step];
    }

    /// <summary>Finds the best place.</summary>
    /// <param name="piece">Two hops of what to go on like.</param>
    /// <param name="region">Where to look: one frame less than the places, and two hops.</param>
    /// <param name="preferred">The place to take when all are alike.</param>
    /// <returns>The place, counted from the start of the region.</returns>
    public int Find(ReadOnlySpan<float> piece, ReadOnlySpan<float> region, int preferred)
    {
        var places = region.Length - 2 * _hop + 1;
        preferred = Math.Clamp(preferred, 0, places - 1);
        if (_step == 1)
            return Best(piece, region, 0, places, preferred, Bias);

        var coarsePiece = _piece.AsSpan();
        var coarseRegion = _region.AsSpan(0, Math.Min(_region.Length, region.Length / _step));
        Average(piece, coarsePiece);
        Average(region, coarseRegion);
        var coarsePlaces = coarseRegion.Length - coarsePiece.Length + 1;
        var coarsePreferred = Math.Min((preferred + _step / 2) / _step, coarsePlaces - 1);
        var near = Best(coarsePiece, coarseRegion, 0, coarsePlaces, coarsePreferred, Bias);
        var first = Math.Max(near * _step - _step, 0);
        var end = Math.Min(near * _step + _step + 1, places);
        return Best(piece[.._hop], region, first, end, Math.Clamp(preferred, first, end - 1), 0);
    }

    /// <summary>The normalised cross-correlation of two pieces of one length, −1…1; 0 when either is silent.</summary>
    public static float Likeness(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var energy = (double)Energy(left) * Energy(right);
        return energy <= Silence * Silence ? 0 : (float)(ResamplerFilter.Dot(left, right) / Math.Sqrt(energy));
    }

    private static int Best(
        ReadOnlySpan<float> piece, ReadOnlySpan<float> region, int first, int end, int preferred, double bias)
    {
        var penalty = bias / (end - first);
        var best = preferred;
        var bestScore = 0.0;
        var energy = (double)Energy(region.Slice(first, piece.Length));
        for (var place = first; place < end; place++)
        {
            var score = ResamplerFilter.Dot(piece, region.Slice(place, piece.Length)) / Math.Sqrt(Math.Max(energy, Silence));
            score *= 1 - penalty * Math.Abs(place - preferred);
            if (score > bestScore)
                (best, bestScore) = (place, score);
            if (place + 1 < end)
                energy += Square(region[place + piece.Length]) - Square(region[place]);
        }

        return best;
    }

    private static double Square(float sample) => (double)sample * sample;

    private static float Energy(ReadOnlySpan<float> samples) => ResamplerFilter.Dot(samples, samples);

    private void Average(ReadOnlySpan<float> samples, Span<float> averages)
    {
        var scale = 1f / _step;
        for (var i = 0; i < averages.Length; i++)
        {
            var sum = 0f;
            foreach (var sample in samples.Slice(i * _step, _step))
                sum += sample;
            averages[i] = sum * scale;
        }
    }
}
