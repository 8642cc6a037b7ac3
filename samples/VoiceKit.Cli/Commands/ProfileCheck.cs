using System.Text.Json;
using VoiceKit.Profiles;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit check --profile</c>: what a chat platform would refuse.</summary>
internal static class ProfileCheck
{
    public static async Task<int> RunAsync(string path, VoiceProfile profile, bool isJson, CancellationToken cancellationToken)
    {
        var message = await LoadAsync(path, cancellationToken);
        var findings = profile.Check(message, cancellationToken);
        var isAccepted = findings.All(finding => finding.Severity != VoiceProfileSeverity.Error);
        if (isJson)
            JsonOutput.Write(json => WriteJson(json, profile, findings, isAccepted));
        else
            WriteText(Console.Out, profile, findings, isAccepted);
        return isAccepted ? ExitCodes.Done : ExitCodes.BadInput;
    }

    private static async Task<VoiceMessage> LoadAsync(string path, CancellationToken cancellationToken)
    {
        var stream = Input.Open(path);
        await using (stream)
        {
            try
            {
                return await VoiceMessage.LoadAsync(stream, cancellationToken: cancellationToken);
            }
            catch (VoiceFormatException exception)
            {
                throw InputException.From(Input.NameOf(path), exception);
            }
        }
    }

    private static void WriteJson(
        Utf8JsonWriter json, VoiceProfile profile, IReadOnlyList<VoiceProfileFinding> findings, bool isAccepted)
    {
        json.WriteStartObject();
        json.WriteString("profile", profile.Name);
        json.WriteBoolean("accepted", isAccepted);
        json.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("severity", JsonNamingPolicy.SnakeCaseLower.ConvertName(finding.Severity.ToString()));
            json.WriteString("rule", JsonNamingPolicy.KebabCaseLower.ConvertName(finding.Rule.ToString()));
            json.WriteString("message", finding.Message);
            json.WriteString("source", finding.Source);
            json.WriteString("remedy", JsonNamingPolicy.SnakeCaseLower.ConvertName(finding.Remedy.ToString()));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteText(
        TextWriter text, VoiceProfile profile, IReadOnlyList<VoiceProfileFinding> findings, bool isAccepted)
    {
        foreach (var finding in findings)
            text.WriteLine($"{finding.Severity,-7}  {Printable.Line(finding.Message)} ({finding.Source})");
        var verdict = !isAccepted ? "Refused" : findings.Count == 0 ? "Fits" : "Accepted";
        text.WriteLine($"{verdict}: {findings.Count} findings for {profile.Name}");
    }
}
