using VoiceKit.Opus;

namespace VoiceKit.Containers;

/// <summary>One link of a chained file, or all of any other.</summary>
/// <param name="Head">Its identification header.</param>
/// <param name="Tags">Its comment header.</param>
/// <param name="Samples">Its length in samples at 48 kHz, lost audio included.</param>
public sealed record OpusLinkInfo(OpusHead Head, OpusTags Tags, long Samples)
{
    /// <summary>Its length.</summary>
    public TimeSpan Duration => OpusRates.ToTime(Samples);
}
