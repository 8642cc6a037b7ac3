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
    int Number, long Offset, long AudioOffset, long EndOffset, uint Serial, long Start, long End, long Origin)
{
    /// <summary>
    /// Whether granule positions tell where pages are; where they do not, the link's packets have to be counted.
    /// </summary>
    public bool IsTrue { get; init; } = true;

    /// <summary>What granule positions are checked against as pages are found; null where all were checked.</summary>
    public OggPageGrid? Grid { get; init; }

    /// <summary>How the checksums are wrong, all alike.</summary>
    public OggCrcMistake Mistake { get; init; }

    /// <summary>Whether a page that was found has a granule position to go by.</summary>
    public bool Confirms(OggPagePlace page) => page.IsLast || Grid is null || Grid.Has(page.Sequence, page.Granule);
}
