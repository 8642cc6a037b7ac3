namespace VoiceKit.Ogg;

/// <summary>
/// The granule positions of a link whose pages are all of one duration, as those of nearly all muxers are: a page's number tells
/// its granule position. So few pages show that none between them tells a wrong time.
/// </summary>
/// <param name="Sequence">The number of the first page of audio.</param>
/// <param name="Granule">Its granule position.</param>
/// <param name="PageDuration">The duration of each page, in samples at 48 kHz; 0 where they differ.</param>
internal sealed record OggPageGrid(uint Sequence, long Granule, long PageDuration)
{
    /// <summary>Whether a page has the granule position that its number tells.</summary>
    public bool Has(uint sequence, long granule) =>
        PageDuration > 0 && unchecked(sequence - Sequence) * PageDuration == granule - Granule;
}
