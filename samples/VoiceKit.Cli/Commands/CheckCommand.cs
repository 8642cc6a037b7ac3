using System.CommandLine;
using System.Text.Json;
using VoiceKit.Conformance;
using VoiceKit.Ogg;
using VoiceKit.Profiles;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit check</c>: whether a file conforms and where not, or what a chat platform would refuse.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("IN.opus") { Description = "The message; - for stdin." }.NotEmpty();
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var profile = new Option<string?>("--profile") { Description = "Judge it as a chat platform would, not as the RFCs do." };
        profile.AcceptOnlyFromAmong([.. VoiceProfile.All.Select(known => known.Name)]);
        var command = new Command("check", "Judge whether a file is as RFCs or a chat platform want it; 1 when it is not.")
        {
            input, json, profile,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (path, isJson) = (parsed.GetValue(input)!, parsed.GetValue(json));
            return parsed.GetValue(profile) is { } name
                ? ProfileCheck.RunAsync(path, VoiceProfile.Find(name)!, isJson, cancellationToken)
                : ExitCodes.RunAsync(() => Run(path, isJson, cancellationToken));
        });
        return command;
    }

    private static int Run(string path, bool isJson, CancellationToken cancellationToken)
    {
        var report = Input.Read(path, stream => OggOpusCheck.Run(stream, cancellationToken));
        if (isJson)
            JsonOutput.Write(writer => WriteJson(writer, report));
        else
            WriteText(Console.Out, report);
        return report.IsConforming ? ExitCodes.Done : ExitCodes.BadInput;
    }

    private static void WriteJson(Utf8JsonWriter json, OggOpusCheckReport report)
    {
        json.WriteStartObject();
        json.WriteBoolean("conforming", report.IsConforming);
        json.WriteNumber("errors", report.ErrorCount);
        json.WriteNumber("warnings", report.WarningCount);
        json.WriteNumber("pages", report.PageCount);
        json.WriteNumber("packets", report.PacketCount);
        json.WriteNumber("streams", report.OpusStreamCount);
        json.WriteStartArray("findings");
        foreach (var finding in report.Findings)
        {
            json.WriteStartObject();
            json.WriteNumber("offset", finding.Offset);
            json.WriteString("severity", JsonNamingPolicy.SnakeCaseLower.ConvertName(finding.Severity.ToString()));
            json.WriteString("rule", JsonNamingPolicy.KebabCaseLower.ConvertName(finding.Rule.ToString()));
            json.WriteString("section", finding.Section);
            json.WriteString("message", finding.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteText(TextWriter text, OggOpusCheckReport report)
    {
        foreach (var finding in report.Findings)
        {
            var severity = finding.Severity == OggOpusCheckSeverity.Error ? "Error  " : "Warning";
            text.WriteLine($"{severity}  at byte {finding.Offset}: {Printable.Line(finding.Message)} ({finding.Section})");
        }

        var more = report.ErrorCount + report.WarningCount - report.Findings.Count;
        if (more > 0)
            text.WriteLine($"         and {more} more");
        var verdict = report.IsConforming ? "Conforming" : "Not conforming";
        text.WriteLine($"{verdict}: {report.ErrorCount} errors, {report.WarningCount} warnings on {report.PageCount} pages");
    }
}
