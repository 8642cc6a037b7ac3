using OpusException = Concentus.OpusException;

namespace VoiceKit.Concentus;

/// <summary>Tells what Concentus throws in our terms.</summary>
internal static class ConcentusError
{
    /// <summary>
    /// Makes the exception of what was caught, whatever it is: an index out of range is an error of the codec's too.
    /// </summary>
    /// <param name="cause">What was caught.</param>
    /// <param name="call">What was called.</param>
    public static OpusCodecException Create(Exception cause, string call) => new(
        $"{call} failed: {cause.Message}", ConcentusCodec.LibraryName, (cause as OpusException)?.OpusErrorCode ?? 0, cause);
}
