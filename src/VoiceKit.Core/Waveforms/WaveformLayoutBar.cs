namespace VoiceKit.Waveforms;

/// <summary>One bar of a picture: a rectangle with round corners.</summary>
internal readonly record struct WaveformLayoutBar(double X, double Y, double Width, double Height, double Radius)
{
    /// <summary>How much of the pixel whose left upper corner is at a place the bar covers, 0…1.</summary>
    public double CoverageAt(int x, int y)
    {
        if (Radius < 0.5)
            return Overlap(x, X, Width) * Overlap(y, Y, Height);

        // The distance of the pixel's middle from the edge, positive outside: over the width of a pixel it is the coverage.
        var across = Math.Abs(x + 0.5 - X - Width / 2) - Width / 2 + Radius;
        var along = Math.Abs(y + 0.5 - Y - Height / 2) - Height / 2 + Radius;
        var outside = Math.Sqrt(Square(Math.Max(across, 0)) + Square(Math.Max(along, 0)));
        var distance = outside + Math.Min(Math.Max(across, along), 0) - Radius;
        return Math.Clamp(0.5 - distance, 0, 1);
    }

    /// <summary>The bar in a picture that is so many times larger.</summary>
    public WaveformLayoutBar Scaled(int factor) => new(X * factor, Y * factor, Width * factor, Height * factor, Radius * factor);

    private static double Square(double value) => value * value;

    private static double Overlap(int pixel, double start, double length) =>
        Math.Max(0, Math.Min(pixel + 1, start + length) - Math.Max(pixel, start));
}
