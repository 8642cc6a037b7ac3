namespace VoiceKit.Editing;

/// <summary>What <see cref="OpusEditor.Split"/> has written.</summary>
/// <param name="First">The part before the cut.</param>
/// <param name="Second">The part behind it.</param>
public sealed record OpusSplitReport(OpusCopyReport First, OpusCopyReport Second);
