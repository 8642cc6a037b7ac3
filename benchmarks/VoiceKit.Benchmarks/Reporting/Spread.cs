namespace VoiceKit.Benchmarks.Reporting;

/// <summary>The turns of one work, in seconds.</summary>
internal readonly record struct Spread(double Quickest, double Median)
{
    public static Spread Of(IEnumerable<double> turns)
    {
        double[] sorted = [.. turns.Order()];
        return new Spread(sorted[0], sorted[sorted.Length / 2]);
    }
}
