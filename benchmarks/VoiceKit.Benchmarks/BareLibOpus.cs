using System.Runtime.InteropServices;

namespace VoiceKit.Benchmarks;

/// <summary>What a program without VoiceKit would call: libopus by raw pointers and its Linux name, nothing around it.</summary>
internal static unsafe partial class BareLibOpus
{
    private const string Library = "libopus.so.0";
    private const int ApplicationVoip = 2048;
    private const int SetBitrate = 4002;
    private const int SetComplexity = 4010;
    private const int ResetState = 4028;

    /// <summary>An encoder with the settings that <see cref="Speech.EncoderOptions"/> has.</summary>
    public static nint CreateEncoder()
    {
        var encoder = EncoderCreate(Speech.SampleRate, 1, ApplicationVoip, out var error);
        ThrowIfError(error);
        ThrowIfError(EncoderCtl(encoder, SetBitrate, Speech.Bitrate));
        ThrowIfError(EncoderCtl(encoder, SetComplexity, Speech.Complexity));
        return encoder;
    }

    public static nint CreateDecoder(int sampleRate = Speech.SampleRate, int channels = 1)
    {
        var decoder = DecoderCreate(sampleRate, channels, out var error);
        ThrowIfError(error);
        return decoder;
    }

    public static void ResetDecoder(nint decoder) => ThrowIfError(DecoderCtl(decoder, ResetState));

    [LibraryImport(Library, EntryPoint = "opus_encode_float")]
    public static partial int Encode(nint encoder, float* pcm, int frameSize, byte* data, int maxBytes);

    [LibraryImport(Library, EntryPoint = "opus_encoder_destroy")]
    public static partial void DestroyEncoder(nint encoder);

    [LibraryImport(Library, EntryPoint = "opus_decode_float")]
    public static partial int Decode(nint decoder, byte* data, int length, float* pcm, int frameSize, int decodeFec);

    [LibraryImport(Library, EntryPoint = "opus_decoder_destroy")]
    public static partial void DestroyDecoder(nint decoder);

    [LibraryImport(Library, EntryPoint = "opus_encoder_create")]
    private static partial nint EncoderCreate(int sampleRate, int channels, int application, out int error);

    // Variadic in C; an argument that fits a register travels as in a function that is not, but for Apple's Arm64.
    [LibraryImport(Library, EntryPoint = "opus_encoder_ctl")]
    private static partial int EncoderCtl(nint encoder, int request, nint value);

    [LibraryImport(Library, EntryPoint = "opus_decoder_ctl")]
    private static partial int DecoderCtl(nint decoder, int request);

    [LibraryImport(Library, EntryPoint = "opus_decoder_create")]
    private static partial nint DecoderCreate(int sampleRate, int channels, out int error);

    private static void ThrowIfError(int error)
    {
        if (error < 0)
            throw new InvalidOperationException($"libopus reports error {error}.");
    }
}
