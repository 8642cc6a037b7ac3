namespace VoiceKit.Importing;

/// <summary>What is imported is whole and can be read, but the options refuse it: it is longer than they allow.</summary>
public sealed class VoiceImportException : VoiceKitException
{
    /// <summary>Creates an exception.</summary>
    /// <param name="message">What is refused and why.</param>
    /// <param name="innerException">What caused it.</param>
    public VoiceImportException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
