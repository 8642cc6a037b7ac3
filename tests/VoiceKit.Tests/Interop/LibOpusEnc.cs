using System.Runtime.InteropServices;

namespace VoiceKit.Tests.Interop;

/// <summary>libopusenc, the reference writer, called directly: opusenc is one program on it, this is another.</summary>
internal static unsafe partial class LibOpusEnc
{
    private const string Library = "libopusenc.so.0";

    /// <summary>Encodes at 48 kHz with the library's defaults.</summary>
    public static void Encode(string path, float[] pcm, int channels, int? setting = null, int value = 0)
    {
        Requires.Library(Library);
        var comments = CommentsCreate();
        CommentsAdd(comments, "TITLE", "libopusenc");
        var encoder = CreateFile(path, comments, 48_000, channels, 0, out var error);
        Assert.Equal(0, error);
        if (setting is { } request)
            Assert.Equal(0, Control(encoder, request, value));
        fixed (float* samples = pcm)
            Assert.Equal(0, WriteFloat(encoder, samples, pcm.Length / channels));
        Assert.Equal(0, Drain(encoder));
        Destroy(encoder);
        CommentsDestroy(comments);
    }

    [LibraryImport(Library, EntryPoint = "ope_comments_create")]
    private static partial nint CommentsCreate();

    [LibraryImport(Library, EntryPoint = "ope_comments_add", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CommentsAdd(nint comments, string tag, string value);

    [LibraryImport(Library, EntryPoint = "ope_comments_destroy")]
    private static partial void CommentsDestroy(nint comments);

    [LibraryImport(Library, EntryPoint = "ope_encoder_create_file", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint CreateFile(string path, nint comments, int rate, int channels, int family, out int error);

    [LibraryImport(Library, EntryPoint = "ope_encoder_ctl")]
    private static partial int Control(nint encoder, int request, int value);

    [LibraryImport(Library, EntryPoint = "ope_encoder_write_float")]
    private static partial int WriteFloat(nint encoder, float* pcm, int samples);

    [LibraryImport(Library, EntryPoint = "ope_encoder_drain")]
    private static partial int Drain(nint encoder);

    [LibraryImport(Library, EntryPoint = "ope_encoder_destroy")]
    private static partial void Destroy(nint encoder);
}
