using System.Text.Encodings.Web;
using System.Text.Json;

namespace VoiceKit.Cli;

/// <summary>Prints JSON on stdout: text as it is, not as escapes.</summary>
internal static class JsonOutput
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Action<Utf8JsonWriter> write)
    {
        using var stdout = new NamedStream(Console.OpenStandardOutput(), "stdout");
        using (var json = new Utf8JsonWriter(stdout, Options))
            write(json);
        stdout.Write("\n"u8);
    }
}
