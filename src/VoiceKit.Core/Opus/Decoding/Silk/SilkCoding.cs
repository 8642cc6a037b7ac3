namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>How far a SILK frame leans on the one before (RFC 6716 §4.2.7.4, §4.2.7.6).</summary>
internal enum SilkCoding
{
    /// <summary>Not at all.</summary>
    Independent,

    /// <summary>
    /// Gains and lags are absolute, and the signal before is known: the side channel was left out of the frame before.
    /// </summary>
    IndependentWithoutScaling,

    /// <summary>Gains and lags are relative to the frame before, which is in the same packet.</summary>
    Conditional,
}
