namespace VoiceKit.Importing;

/// <summary>What is odd about an import that is done all the same.</summary>
internal static class VoiceImportWarning
{
    /// <summary>
    /// The two channels are opposite to one another, as with a crossed wire, so that their sum would be silence.
    /// </summary>
    public const string OppositeChannels =
        "Its channels are opposite to one another, as with a crossed wire: the louder one is taken, since their sum is silence.";

    /// <summary>What was decoded is all but silent, and the bytes of the file are not those of silence.</summary>
    public const string AllButSilent =
        "What was read of it is all but silent, though its bytes are not those of silence: it may have been misread.";
}
