namespace VoiceKit;

/// <summary>An Opus codec that cannot be loaded, or that reports an error.</summary>
public class OpusCodecException : VoiceKitException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed, with the name of the call.</param>
    /// <param name="codecName">The codec, for example <c>libopus</c>.</param>
    /// <param name="errorCode">The codec's own error code; 0 when the codec was never reached.</param>
    /// <param name="innerException">The cause, if another exception is it.</param>
    public OpusCodecException(string message, string codecName, int errorCode = 0, Exception? innerException = null)
        : base(message, innerException)
    {
        CodecName = codecName;
        ErrorCode = errorCode;
    }

    /// <summary>The codec, for example <c>libopus</c>.</summary>
    public string CodecName { get; }

    /// <summary>The codec's own error code (negative in libopus); 0 when the codec was never reached.</summary>
    public int ErrorCode { get; }
}
