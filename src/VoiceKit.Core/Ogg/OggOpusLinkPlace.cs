namespace VoiceKit.Ogg;

/// <summary>Where a link of a chained file is, in bytes and in time.</summary>
/// <param name="Number">Its number; links without audio are passed over.</param>
/// <param name="Offset">The offset of its first page.</param>
/// <param name="AudioOffset">The offset of its first page of audio.</param>
/// <param name="EndOffset">Where the next link begins, or the input ends.</param>
/// <param name="Serial">The serial number of its Opus stream.</param>
/// <param name="Start">The position of its first sample.</param>
/// <param name="End">The position behind its last sample.</param>
/// <param name="Origin">What to take from a granule position to get a position.</param>
internal readonly record struct OggOpusLinkPlace(
    int Number, long Offset, long AudioOffset, long EndOffset, uint Serial, long Start, long End, long Origin);
