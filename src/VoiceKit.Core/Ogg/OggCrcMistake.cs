namespace VoiceKit.Ogg;

/// <summary>How a muxer gets the checksum of every page wrong in the same way.</summary>
internal enum OggCrcMistake : byte
{
    /// <summary>The checksums are right (RFC 3533 §6).</summary>
    None,

    /// <summary>The field is left at 0.</summary>
    Zero,

    /// <summary>All bits of the field are set.</summary>
    Ones,

    /// <summary>The bytes of the field stand in the other order.</summary>
    Swapped,

    /// <summary>The register begins with all bits set.</summary>
    Preset,

    /// <summary>The register begins with all bits set, and all bits of the result are flipped.</summary>
    PresetAndFlipped,

    /// <summary>All bits of the result are flipped.</summary>
    Flipped,

    /// <summary>The CRC-32 of zip and PNG, whose bits run the other way.</summary>
    Zip,

    /// <summary>The sum is taken over the body alone.</summary>
    BodyOnly,
}
