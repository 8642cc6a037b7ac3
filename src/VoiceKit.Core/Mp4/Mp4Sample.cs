namespace VoiceKit.Mp4;

/// <summary>A sample as the tables tell it: one Opus packet.</summary>
/// <param name="Offset">Its byte offset in the input.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Time">When it is decoded, in units of the media's timescale; −1 where the tables don't tell.</param>
/// <param name="Delta">How long it lasts by the tables, in the same units; 0 where they don't tell.</param>
internal readonly record struct Mp4Sample(long Offset, uint Size, long Time, uint Delta);
