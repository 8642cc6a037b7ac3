namespace VoiceKit;

/// <summary>The base of every exception that VoiceKit itself defines.</summary>
public class VoiceKitException : Exception
{
    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">What went wrong.</param>
    public VoiceKitException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">The cause.</param>
    public VoiceKitException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
