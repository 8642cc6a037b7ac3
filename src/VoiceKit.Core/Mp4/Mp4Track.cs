namespace VoiceKit.Mp4;

/// <summary>What a moov box tells of the Opus track.</summary>
internal sealed class Mp4Track
{
    public required uint Id { get; init; }

    /// <summary>Units of the media's time line in a second.</summary>
    public required uint Timescale { get; init; }

    /// <summary>The box that holds the sample tables.</summary>
    public required Mp4Box SampleTable { get; init; }

    public required Mp4SampleEntry Entry { get; init; }

    public required Mp4Edit Edit { get; init; }

    /// <summary>Whether samples in fragments are announced (mvex).</summary>
    public required bool IsFragmented { get; init; }

    /// <summary>What a fragment takes for the duration of a sample when it doesn't say (trex).</summary>
    public required uint DefaultDuration { get; init; }

    /// <summary>What a fragment takes for the size of a sample when it doesn't say (trex).</summary>
    public required uint DefaultSize { get; init; }
}
