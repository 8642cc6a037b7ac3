using System.Runtime.InteropServices;

namespace VoiceKit.LibOpus.Interop;

/// <summary>Turns negative results into exceptions that name the call.</summary>
internal static unsafe class LibOpusError
{
    public static int ThrowIfError(int result, string call) => result >= 0 ? result : throw Create(result, call);

    public static OpusCodecException Create(int error, string call)
    {
        var text = Marshal.PtrToStringUTF8((nint)NativeMethods.StrError(error));
        return new OpusCodecException($"{call} failed: {text} ({error}).", "libopus", error);
    }
}
