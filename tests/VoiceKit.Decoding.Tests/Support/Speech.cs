using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VoiceKit.Decoding.Tests.Support;

/// <summary>Speech by espeak-ng, 48 kHz mono.</summary>
internal static class Speech
{
    private const string Text =
        "The quick brown fox jumps over the lazy dog. Where have you been all this time, Susan? Please call me back. "
        + "She sells sea shells by the sea shore, and the shells that she sells are sea shells, I am sure.";

    private static readonly Lazy<float[]> Made = new(Make);

    public static float[] Samples => Made.Value;

    private static float[] Make()
    {
        const string Pipe = "espeak-ng -v en --stdout \"$0\" | sox -G -t wav - -r 48000 -c 1 -e floating-point -b 32 -t raw -";
        Requires.Programs("espeak-ng", "sox");
        var said = OtherProgram.Run(new ProcessStartInfo("bash", ["-o", "pipefail", "-c", Pipe, Text]));
        Assert.Equal(0, said.ExitCode);
        return MemoryMarshal.Cast<byte, float>(said.Output).ToArray();
    }
}
