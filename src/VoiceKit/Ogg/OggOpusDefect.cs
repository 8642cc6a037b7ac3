namespace VoiceKit.Ogg;

/// <summary>Something in a file that breaks RFC 3533, RFC 6716 or RFC 7845 and that the reader got around.</summary>
/// <param name="Offset">The byte offset from the start of the input: of the page, of the junk, or of the packet's page.</param>
/// <param name="Kind">What kind of defect it is.</param>
/// <param name="Message">What is wrong, in a sentence.</param>
public sealed record OggOpusDefect(long Offset, OggOpusDefectKind Kind, string Message);
