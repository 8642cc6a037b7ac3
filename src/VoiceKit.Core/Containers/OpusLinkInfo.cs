using VoiceKit.Opus;

namespace VoiceKit.Containers;

/// <summary>One link of a chained file, or all of any other.</summary>
public sealed class OpusLinkInfo
{
    internal OpusLinkInfo(OpusHead head, OpusTags tags, long samples) => (Head, Tags, Samples) = (head, tags, samples);

    /// <summary>Its identification header.</summary>
    public OpusHead Head { get; }

    /// <summary>Its comment header.</summary>
    public OpusTags Tags { get; }

    /// <summary>Its length, lost audio included.</summary>
    public TimeSpan Duration => OpusRates.ToTime(Samples);

    /// <summary><see cref="Duration"/> in samples at 48 kHz.</summary>
    internal long Samples { get; }
}
