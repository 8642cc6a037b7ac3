using System.Numerics;

namespace VoiceKit.WebChat.Tests.Support;

/// <summary>How alike two sounds are, wherever the one begins in the other, which is not to repeat itself.</summary>
internal static class Likeness
{
    private const int Coarse = 8;
    private const int Piece = 6000;

    /// <summary>
    /// The mean correlation of the pieces of a sound, an eighth of a second each, with what is most alike in another at 48 kHz,
    /// by their power: 1 for the same, 0 for nothing alike. Those count that come in the same order there. Pieces, since a
    /// microphone on a busy machine drops some samples now and then.
    /// </summary>
    /// <param name="sound">The sound.</param>
    /// <param name="source">What it is a stretch of.</param>
    public static double Of(float[] sound, float[] source)
    {
        var quickSource = Thin(source);
        var pieces = sound.Chunk(Piece).Where(piece => piece.Length == Piece && Dot(piece, piece) > 1).ToList();
        Assert.NotEmpty(pieces);
        var found = pieces.Select(piece =>
        {
            var (_, about) = Search(Thin(piece), quickSource, 0, quickSource.Length);
            var (best, at) = Search(piece, source, (about - 2) * Coarse, (about + 2) * Coarse);
            return (Score: best * Dot(piece, piece), At: at);
        }).ToList();
        return BestRising(found) / pieces.Sum(piece => Dot(piece, piece));
    }

    // The highest sum of scores of which each is found after the one before.
    private static double BestRising(List<(double Score, int At)> found)
    {
        var sums = new double[found.Count];
        for (var i = 0; i < found.Count; i++)
        {
            var before = Enumerable.Range(0, i).Where(j => found[j].At < found[i].At).Select(j => sums[j]);
            sums[i] = found[i].Score + before.DefaultIfEmpty().Max();
        }

        return sums.Max();
    }

    private static (double Best, int At) Search(float[] sound, float[] source, int from, int to)
    {
        var (best, at) = (0.0, 0);
        var power = Dot(sound, sound);
        for (var lag = Math.Max(0, from); lag <= Math.Min(to, source.Length - sound.Length); lag++)
        {
            var stretch = source.AsSpan(lag, sound.Length);
            var likeness = Dot(sound, stretch) / Math.Sqrt(power * Dot(stretch, stretch) + 1e-12);
            if (likeness > best)
                (best, at) = (likeness, lag);
        }

        return (best, at);
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = Vector<float>.Zero;
        var i = 0;
        for (; i + Vector<float>.Count <= a.Length; i += Vector<float>.Count)
            sum += new Vector<float>(a[i..]) * new Vector<float>(b[i..]);
        double total = Vector.Sum(sum);
        for (; i < a.Length; i++)
            total += a[i] * b[i];
        return total;
    }

    private static float[] Thin(float[] sound) =>
        [.. Enumerable.Range(0, sound.Length / Coarse).Select(i => sound.AsSpan(i * Coarse, Coarse).ToArray().Average())];
}
