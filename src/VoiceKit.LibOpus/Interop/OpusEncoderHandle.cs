using Microsoft.Win32.SafeHandles;

namespace VoiceKit.LibOpus.Interop;

/// <summary>An OpusEncoder*.</summary>
internal sealed class OpusEncoderHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>Called by the marshaller.</summary>
    public OpusEncoderHandle() : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        NativeMethods.EncoderDestroy(handle);
        return true;
    }
}
