namespace VoiceKit.Importing;

/// <summary>What is odd about an import that is done all the same.</summary>
public enum VoiceImportWarning
{
    /// <summary>
    /// The two channels are opposite to one another, as with a crossed wire, so that their sum would be silence: the louder one of them
    /// was taken for mono.
    /// </summary>
    OppositeChannels,

    /// <summary>What was decoded is all but silent, and the bytes of the file are not those of silence: it may have been misread.</summary>
    AllButSilent,
}
