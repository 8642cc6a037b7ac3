namespace VoiceKit.Tests.Support;

/// <summary>Finds a piece of known sound in a recording whose start, loudness and pauses nobody knows.</summary>
internal static class VoiceFinder
{
    // The signals have their energy below 2 kHz: every eighth sample shows them.
    private const int Step = 8;
    private const int Piece = 48_000 / Step / 5;
    private const int Stride = 4;

    /// <summary>The largest correlation, −1…1, of any recorded fifth of a second with any place of the original.</summary>
    /// <param name="recorded">Mono at 48 kHz.</param>
    /// <param name="original">Mono at 48 kHz, played over and over.</param>
    public static double Find(float[] recorded, float[] original)
    {
        // A piece may lie between the samples of an original that is made as thin; a stride of half that is near enough.
        var thin = Enumerable.Range(0, recorded.Length / Step).Select(i => recorded[i * Step]).ToArray();
        var best = -1.0;
        foreach (var piece in thin.Chunk(Piece).Where(piece => piece.Length == Piece).OrderByDescending(Energy).Take(2))
        {
            for (var start = 0; start < original.Length; start += Stride)
                best = Math.Max(best, Correlation(piece, original, start));
        }

        return best;
    }

    private static double Energy(float[] samples) => samples.Sum(sample => (double)sample * sample);

    private static double Correlation(float[] piece, float[] original, int start)
    {
        double product = 0, energy = 1e-9, pieceEnergy = 1e-9;
        var at = start;
        foreach (var sample in piece)
        {
            product += sample * original[at];
            pieceEnergy += sample * sample;
            energy += original[at] * original[at];
            at += Step;
            if (at >= original.Length)
                at -= original.Length;
        }

        return product / Math.Sqrt(energy * pieceEnergy);
    }
}
