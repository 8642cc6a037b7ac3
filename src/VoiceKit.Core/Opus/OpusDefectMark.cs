namespace VoiceKit.Opus;

/// <summary>How far an <see cref="OpusDefectLog"/> is.</summary>
/// <param name="Listed">How many defects are listed.</param>
/// <param name="Count">How many there are.</param>
internal readonly record struct OpusDefectMark(int Listed, long Count);
