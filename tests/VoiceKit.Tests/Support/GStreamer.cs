using System.Runtime.InteropServices;

namespace VoiceKit.Tests.Support;

/// <summary>GStreamer: its opusenc and its muxers.</summary>
internal static class GStreamer
{
    /// <summary>Encodes a WAV file.</summary>
    /// <param name="wav">The WAV file; no spaces in its path.</param>
    /// <param name="encoder">The properties of opusenc.</param>
    /// <param name="muxer">The muxer's element and its properties.</param>
    /// <param name="path">The file to write; no spaces in its path.</param>
    public static void Encode(string wav, string encoder, string muxer, string path)
    {
        var source = $"filesrc location={wav} ! wavparse ! audioconvert ! audioresample";
        Launch($"{source} ! opusenc {encoder} ! {muxer} ! filesink location={path}");
    }

    /// <summary>Decodes Ogg Opus at 48 kHz: 16-bit samples, as floats.</summary>
    /// <param name="path">The file; no spaces in its path.</param>
    public static float[] Decode(string path)
    {
        var raw = path + ".s16";
        Launch($"filesrc location={path} ! oggdemux ! opusdec ! audio/x-raw,format=S16LE,rate=48000 ! filesink location={raw}");
        return [.. MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(raw)).ToArray().Select(sample => sample / 32768f)];
    }

    private static void Launch(string pipeline) =>
        Oracle.Run("gst-launch-1.0", ["--quiet", .. pipeline.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
}
