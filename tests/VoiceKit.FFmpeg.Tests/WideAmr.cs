using System.Runtime.InteropServices;

namespace VoiceKit.FFmpeg.Tests;

/// <summary>AMR-WB files, of an encoder that passes over silence (libvo-amrwbenc).</summary>
internal static class WideAmr
{
    private const string Library = "libvo-amrwbenc.so.0";
    private const int FrameSize = 320;
    private const short Best = 8;

    /// <summary>Writes sound of 16 kHz.</summary>
    public static void Write(string path, float[] pcm)
    {
        Requires.Library(Library);
        var encoder = Open();
        using var file = File.Create(path);
        file.Write("#!AMR-WB\n"u8);
        var speech = new short[FrameSize];
        var frame = new byte[64];
        for (var at = 0; at + FrameSize <= pcm.Length; at += FrameSize)
        {
            for (var i = 0; i < FrameSize; i++)
                speech[i] = (short)(pcm[at + i] * 32767);
            file.Write(frame, 0, Encode(encoder, Best, speech, frame, 1));
        }

        Close(encoder);
    }

    [DllImport(Library, EntryPoint = "E_IF_init")]
    private static extern nint Open();

    [DllImport(Library, EntryPoint = "E_IF_encode")]
    private static extern int Encode(nint encoder, short mode, short[] speech, byte[] frame, short passesOverSilence);

    [DllImport(Library, EntryPoint = "E_IF_exit")]
    private static extern void Close(nint encoder);
}
