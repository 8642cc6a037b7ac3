namespace VoiceKit.Waveforms;

/// <summary>What one channel of a bin tells of an offset: its lowest and its highest sample, and the sum of all.</summary>
internal struct OffsetRange
{
    public float Low;
    public float High;
    public float Sum;

    /// <summary>The greatest magnitude.</summary>
    public readonly float Peak => float.MaxNative(MathF.Abs(Low), MathF.Abs(High));

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
