namespace VoiceKit;

/// <summary>Bytes that break the format they claim to be in, or a format that VoiceKit does not read.</summary>
public class VoiceFormatException : VoiceKitException
{
    /// <summary>Creates the exception for a place in the input.</summary>
    /// <param name="message">What is wrong there.</param>
    /// <param name="offset">The byte offset from the start of the input; −1 when there is none to name.</param>
    /// <param name="innerException">The cause, if another exception is it.</param>
    public VoiceFormatException(string message, long offset = -1, Exception? innerException = null)
        : base(message, innerException) => Offset = offset;

    /// <summary>The byte offset of the fault from the start of the input; −1 when there is none to name.</summary>
    public long Offset { get; }
}
