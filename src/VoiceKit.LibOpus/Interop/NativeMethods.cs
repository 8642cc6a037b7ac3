using System.Runtime.InteropServices;

namespace VoiceKit.LibOpus.Interop;

/// <summary>The functions of opus.h that the codec uses.</summary>
/// <remarks>
/// The ctl functions are variadic in C. Everywhere but on Apple's Arm64 an int or pointer argument travels as in a function that
/// is not; there, variadic arguments go on the stack, which the "Apple" entry points reach by filling the registers first.
/// </remarks>
internal static unsafe partial class NativeMethods
{
    private const string Library = LibOpusLibrary.Name;

    [LibraryImport(Library, EntryPoint = "opus_encoder_create")]
    public static partial OpusEncoderHandle EncoderCreate(int sampleRate, int channels, int application, out int error);

    [LibraryImport(Library, EntryPoint = "opus_encoder_destroy")]
    public static partial void EncoderDestroy(nint encoder);

    [LibraryImport(Library, EntryPoint = "opus_encode_float")]
    public static partial int EncodeFloat(OpusEncoderHandle encoder, float* pcm, int frameSize, byte* data, int maxBytes);

    [LibraryImport(Library, EntryPoint = "opus_encoder_ctl")]
    public static partial int EncoderCtl(OpusEncoderHandle encoder, int request, nint value);

    [LibraryImport(Library, EntryPoint = "opus_encoder_ctl")]
    public static partial int EncoderCtlApple(
        OpusEncoderHandle encoder, int request, nint x2, nint x3, nint x4, nint x5, nint x6, nint x7, nint value);

    [LibraryImport(Library, EntryPoint = "opus_decoder_create")]
    public static partial OpusDecoderHandle DecoderCreate(int sampleRate, int channels, out int error);

    [LibraryImport(Library, EntryPoint = "opus_decoder_destroy")]
    public static partial void DecoderDestroy(nint decoder);

    [LibraryImport(Library, EntryPoint = "opus_decode_float")]
    public static partial int DecodeFloat(
        OpusDecoderHandle decoder, byte* data, int length, float* pcm, int frameSize, int decodeFec);

    [LibraryImport(Library, EntryPoint = "opus_decoder_ctl")]
    public static partial int DecoderCtl(OpusDecoderHandle decoder, int request, nint value);

    [LibraryImport(Library, EntryPoint = "opus_decoder_ctl")]
    public static partial int DecoderCtlApple(
        OpusDecoderHandle decoder, int request, nint x2, nint x3, nint x4, nint x5, nint x6, nint x7, nint value);

    [LibraryImport(Library, EntryPoint = "opus_get_version_string")]
    public static partial byte* GetVersionString();

    [LibraryImport(Library, EntryPoint = "opus_strerror")]
    public static partial byte* StrError(int error);
}
