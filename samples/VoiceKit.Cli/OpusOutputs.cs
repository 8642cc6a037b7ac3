using System.CommandLine;
using System.Text.Json;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Opus;

namespace VoiceKit.Cli;

/// <summary>What the commands that write messages have in common.</summary>
internal static class OpusOutputs
{
    public static Argument<string> Argument(string name) =>
        new Argument<string>(name) { Description = "The result; - for stdout." }.NotEmpty();

    /// <summary>Writes an output and says what it is.</summary>
    public static OpusCopyReport Write(string path, Func<Stream, OpusCopyReport> write, CancellationToken cancellationToken)
    {
        using var output = new Output(path, cancellationToken);
        var report = write(output.Stream);
        output.Commit();
        return report;
    }

    /// <summary>Writes a message.</summary>
    public static void Write(string path, VoiceMessage message, CancellationToken cancellationToken)
    {
        using var output = new Output(path, cancellationToken);
        using (var bytes = message.OpenRead())
            bytes.CopyTo(output.Stream);
        output.Commit();
    }

    /// <summary>Prints a report where it is in nobody's way.</summary>
    public static void Print(OpusCopyReport report, string outputPath, bool isJson = false)
    {
        if (isJson)
            JsonOutput.Write(json => WriteJson(json, report));
        else
            WriteText(outputPath == "-" ? Console.Error : Console.Out, report);
    }

    private static void WriteText(TextWriter text, OpusCopyReport report)
    {
        var lost = report.Lost > TimeSpan.Zero ? $", {report.Lost.TotalSeconds:F3} s of it lost and filled" : "";
        var links = report.LinkCount > 1 ? $", {report.LinkCount} links" : "";
        var samples = OpusRates.ToSamples(report.Duration);
        text.WriteLine(
            $"{Printable.Time(report.Duration)} ({samples} samples at 48 kHz), {report.PacketCount} packets{links}{lost}");
        if (report.Untrimmed > TimeSpan.Zero)
            text.WriteLine($"{report.Untrimmed.TotalSeconds:F3} s of it the original leaves out, as this container cannot");
        Printable.Write(text, report.Defects, report.DefectCount);
    }

    private static void WriteJson(Utf8JsonWriter json, OpusCopyReport report)
    {
        json.WriteStartObject();
        json.WriteString("source", JsonNamingPolicy.SnakeCaseLower.ConvertName(report.Source.ToString()));
        json.WriteNumber("duration_seconds", report.Duration.TotalSeconds);
        json.WriteNumber("samples", OpusRates.ToSamples(report.Duration));
        json.WriteNumber("lost_seconds", report.Lost.TotalSeconds);
        json.WriteNumber("lost_samples", OpusRates.ToSamples(report.Lost));
        json.WriteNumber("untrimmed_samples", OpusRates.ToSamples(report.Untrimmed));
        json.WriteNumber("packets", report.PacketCount);
        json.WriteNumber("links", report.LinkCount);
        JsonOutput.WriteDefects(json, report.Defects, report.DefectCount);
        json.WriteEndObject();
    }
}
