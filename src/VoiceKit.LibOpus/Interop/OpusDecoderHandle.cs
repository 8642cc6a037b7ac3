using Microsoft.Win32.SafeHandles;

namespace VoiceKit.LibOpus.Interop;

/// <summary>An OpusDecoder*.</summary>
internal sealed class OpusDecoderHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>Called by the marshaller.</summary>
    public OpusDecoderHandle() : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        NativeMethods.DecoderDestroy(handle);
        return true;
    }
}
