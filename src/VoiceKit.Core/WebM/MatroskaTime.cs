namespace VoiceKit.WebM;

/// <summary>Where the time of a track is between two blocks. Durations are in samples at 48 kHz.</summary>
internal record struct MatroskaTime
{
    /// <summary>How long a tick of the timestamps is, in ns.</summary>
    public long TimestampScale { get; set; }

    /// <summary>The position of the next sample to be heard.</summary>
    public long Position { get; set; }

    /// <summary>By how much timestamps jumped ahead of the packets, in all.</summary>
    public long GapSamples { get; set; }

    /// <summary>The time of the block before, in ticks.</summary>
    public long PreviousTimestamp { get; set; }

    /// <summary>How long the block before was.</summary>
    public int PreviousDuration { get; set; }

    /// <summary>Whether the track has had no block yet.</summary>
    public bool IsFirstBlock { get; set; }

    /// <summary>How much of the pre-skip is still to be skipped.</summary>
    public int SkipLeft { get; set; }
}
