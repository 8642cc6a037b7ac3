namespace VoiceKit.Waveforms;

/// <summary>What one channel of a bin tells of an offset: its lowest and its highest sample, and the sum of all.</summary>
internal struct OffsetRange
{
    public float Low;
    public float High;
    public float Sum;

    /// <summary>Of no samples at all.</summary>
    public static OffsetRange Empty => new() { Low = float.PositiveInfinity, High = float.NegativeInfinity };

    /// <summary>The greatest magnitude of all channels.</summary>
    public static float PeakOf(ReadOnlySpan<OffsetRange> channels)
    {
        var peak = 0f;
        foreach (var range in channels)
            peak = float.MaxNative(peak, float.MaxNative(MathF.Abs(range.Low), MathF.Abs(range.High)));
        return peak;
    }

    /// <summary>Takes another stretch of the same channel in.</summary>
    public void Add(in OffsetRange other)
    {
        Low = float.MinNative(Low, other.Low);
        High = float.MaxNative(High, other.High);
        Sum += other.Sum;
    }

    /// <summary>The greatest distance from an offset.</summary>
    public readonly float PeakAbout(float offset) => Math.Max(High - offset, offset - Low);
}
