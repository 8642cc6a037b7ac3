namespace VoiceKit.Waveforms;

/// <summary>What one channel of a bin tells of an offset: its lowest and its highest sample, and the sum of all.</summary>
internal struct OffsetRange
{
    public float Low;
    public float High;
    public float Sum;

    /// <summary>Takes another stretch of the same channel in.</summary>
    public void Add(in OffsetRange other)
    {
        Low = Math.Min(Low, other.Low);
        High = Math.Max(High, other.High);
        Sum += other.Sum;
    }

    /// <summary>The greatest distance from an offset.</summary>
    public readonly float PeakAbout(float offset) => Math.Max(High - offset, offset - Low);
}
