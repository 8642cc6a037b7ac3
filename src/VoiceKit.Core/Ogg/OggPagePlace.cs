namespace VoiceKit.Ogg;

/// <summary>Where a page is, and what its header says.</summary>
internal readonly record struct OggPagePlace(
    long Offset, long End, uint Serial, uint Sequence, long Granule, OggPageFlags Flags, bool IsOpusHead)
{
    public bool IsFirst => (Flags & OggPageFlags.BeginOfStream) != 0;

    public bool IsLast => (Flags & OggPageFlags.EndOfStream) != 0;
}
