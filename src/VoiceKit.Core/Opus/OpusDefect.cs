namespace VoiceKit.Opus;

/// <summary>Something in a file that breaks its format and that the reader got around.</summary>
/// <param name="Offset">The byte offset from the start of the input: of the page, block, box or chunk, or of the junk.</param>
/// <param name="Kind">What kind of defect it is.</param>
/// <param name="Message">What is wrong, in a sentence.</param>
public sealed record OpusDefect(long Offset, OpusDefectKind Kind, string Message);
