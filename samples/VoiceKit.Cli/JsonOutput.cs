using System.Text.Encodings.Web;
using System.Text.Json;
using VoiceKit.Containers;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Cli;

/// <summary>Prints JSON on stdout: text as it is, not as escapes.</summary>
internal static class JsonOutput
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void WriteTags(Utf8JsonWriter json, OpusTags tags)
    {
        json.WriteStartObject("tags");
        foreach (var group in tags.Comments.GroupBy(comment => comment.Name, StringComparer.OrdinalIgnoreCase))
        {
            json.WriteStartArray(group.Key);
            foreach (var comment in group)
                json.WriteStringValue(comment.Value);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    public static void WriteDefects(Utf8JsonWriter json, IReadOnlyList<OpusDefect> defects, long count)
    {
        json.WriteNumber("defect_count", count);
        json.WriteStartArray("defects");
        foreach (var defect in defects)
        {
            json.WriteStartObject();
            json.WriteNumber("offset", defect.Offset);
            json.WriteString("kind", JsonNamingPolicy.SnakeCaseLower.ConvertName(defect.Kind.ToString()));
            json.WriteString("message", defect.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void Write(Action<Utf8JsonWriter> write)
    {
        using var stdout = new NamedStream(Console.OpenStandardOutput(), "stdout");
        WriteTo(stdout, write);
    }

    /// <summary>The same as bytes, for another place than stdout.</summary>
    public static byte[] ToBytes(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        WriteTo(bytes, write);
        return bytes.ToArray();
    }

    private static void WriteTo(Stream stream, Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(stream, Options))
            write(json);
        stream.Write("\n"u8);
    }
}
