namespace VoiceKit.Ogg;

/// <summary>What an edit did to a file.</summary>
internal enum OggOpusTagEditOutcome
{
    /// <summary>Nothing: the tags are as they were.</summary>
    Unchanged,

    /// <summary>Bytes of the header pages changed, and nothing else.</summary>
    InPlace,

    /// <summary>The file was written anew.</summary>
    Rewritten,
}
