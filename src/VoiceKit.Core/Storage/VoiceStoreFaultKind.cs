namespace VoiceKit.Storage;

/// <summary>What is wrong with a file of a store or of a backup.</summary>
public enum VoiceStoreFaultKind
{
    /// <summary>It breaks the rules of Ogg Opus: a checksum, a page, a packet, a time stamp.</summary>
    Damaged,

    /// <summary>It is no Ogg Opus at all.</summary>
    NotAMessage,

    /// <summary>
    /// It was there when the store last looked and is not any more; or the manifest names it and the backup lacks it.
    /// </summary>
    Missing,

    /// <summary>Another file has the same id, or another entry of the backup the same name.</summary>
    Duplicate,

    /// <summary>It is larger than a message may be, or than the manifest says.</summary>
    TooLarge,

    /// <summary>Its bytes are not those of which the manifest has the hash.</summary>
    WrongHash,

    /// <summary>The backup has it and its manifest does not name it.</summary>
    NotInManifest,

    /// <summary>It would be put outside of the store's folders, or its name is none that a message may have.</summary>
    BadName,

    /// <summary>It is a link.</summary>
    Link,

    /// <summary>There is another message of its id in the store, with other audio.</summary>
    Conflict,

    /// <summary>It could not be read.</summary>
    Unreadable,
}
