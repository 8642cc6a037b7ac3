using System.Runtime.InteropServices;
using VoiceKit.Tests.Support;

namespace VoiceKit.Decoding.Tests.Support;

/// <summary>A decoder of libopus with what an app does not need: the final range and 16-bit output.</summary>
internal sealed unsafe partial class Reference : IDisposable
{
    private const string Library = "libopus.so.0";
    private const int ResetState = 4028;
    private const int GetFinalRange = 4031;
    private const int SetGain = 4034;
    private readonly nint _decoder;
    private readonly int _channels;

    public Reference(int sampleRate, int channels)
    {
        Requires.Library(Library);
        _channels = channels;
        _decoder = Create(sampleRate, channels, out var error);
        Check(error);
    }

    public uint FinalRange
    {
        get
        {
            uint range;
            Check(Control(_decoder, GetFinalRange, (nint)(&range)));
            return range;
        }
    }

    public void Reset() => Check(Control(_decoder, ResetState, 0));

    public void SetOutputGain(short gain) => Check(Control(_decoder, SetGain, gain));

    public int Decode(ReadOnlySpan<byte> packet, Span<float> pcm) => Decode(packet, pcm, fec: false);

    public int DecodeFec(ReadOnlySpan<byte> packet, Span<float> pcm) => Decode(packet, pcm, fec: true);

    public int Conceal(Span<float> pcm) => Decode(default, pcm, fec: false);

    public int Decode(ReadOnlySpan<byte> packet, Span<short> pcm)
    {
        fixed (byte* data = packet)
        fixed (short* samples = pcm)
            return Check(DecodeShort(_decoder, data, packet.Length, samples, pcm.Length / _channels, 0));
    }

    /// <summary>Whether libopus takes a packet; where it does, the samples per channel are told.</summary>
    public bool TryDecode(ReadOnlySpan<byte> packet, Span<float> pcm, out int frames)
    {
        fixed (byte* data = packet)
        fixed (float* samples = pcm)
            frames = DecodeFloat(_decoder, data, packet.Length, samples, pcm.Length / _channels, 0);
        return frames >= 0;
    }

    public void Dispose() => Destroy(_decoder);

    private int Decode(ReadOnlySpan<byte> packet, Span<float> pcm, bool fec)
    {
        fixed (byte* data = packet)
        fixed (float* samples = pcm)
            return Check(DecodeFloat(_decoder, data, packet.Length, samples, pcm.Length / _channels, fec ? 1 : 0));
    }

    private static int Check(int result) =>
        result >= 0 ? result : throw new InvalidOperationException($"libopus reports {result}.");

    [LibraryImport(Library, EntryPoint = "opus_decoder_create")]
    private static partial nint Create(int sampleRate, int channels, out int error);

    [LibraryImport(Library, EntryPoint = "opus_decoder_destroy")]
    private static partial void Destroy(nint decoder);

    [LibraryImport(Library, EntryPoint = "opus_decode_float")]
    private static partial int DecodeFloat(nint decoder, byte* data, int length, float* pcm, int frameSize, int fec);

    [LibraryImport(Library, EntryPoint = "opus_decode")]
    private static partial int DecodeShort(nint decoder, byte* data, int length, short* pcm, int frameSize, int fec);

    // Variadic in C; an argument that fits a register travels as in a function that is not.
    [LibraryImport(Library, EntryPoint = "opus_decoder_ctl")]
    private static partial int Control(nint decoder, int request, nint value);
}
