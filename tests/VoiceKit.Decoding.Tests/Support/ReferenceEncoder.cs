using System.Runtime.InteropServices;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Decoding.Tests.Support;

/// <summary>An encoder of libopus of which everything can be changed while it encodes, the mode too.</summary>
internal sealed unsafe partial class ReferenceEncoder : IDisposable
{
    public const int Automatic = -1000;

    private const string Library = "libopus.so.0";
    private readonly nint _encoder;

    public ReferenceEncoder(int channels, int application)
    {
        Requires.Library(Library);
        Channels = channels;
        _encoder = Create(OpusRates.Full, channels, application, out var error);
        Check(error);
    }

    public int Channels { get; }

    public void Set(EncoderRequest request, int value) => Check(Control(_encoder, (int)request, value));

    public int Encode(ReadOnlySpan<float> pcm, Span<byte> packet)
    {
        fixed (float* samples = pcm)
        fixed (byte* data = packet)
            return Check(Encode(_encoder, samples, pcm.Length / Channels, data, packet.Length));
    }

    public void Dispose() => Destroy(_encoder);

    private static int Check(int result) =>
        result >= 0 ? result : throw new InvalidOperationException($"libopus reports {result}.");

    [LibraryImport(Library, EntryPoint = "opus_encoder_create")]
    private static partial nint Create(int sampleRate, int channels, int application, out int error);

    [LibraryImport(Library, EntryPoint = "opus_encoder_destroy")]
    private static partial void Destroy(nint encoder);

    [LibraryImport(Library, EntryPoint = "opus_encode_float")]
    private static partial int Encode(nint encoder, float* pcm, int frameSize, byte* data, int maxBytes);

    // Variadic in C; an argument that fits a register travels as in a function that is not.
    [LibraryImport(Library, EntryPoint = "opus_encoder_ctl")]
    private static partial int Control(nint encoder, int request, nint value);
}
