using System.CommandLine;
using VoiceKit.Editing;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit repair</c>: all audio that can be read, as a conforming file.</summary>
internal static class RepairCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("IN") { Description = "The damaged message, in any container; - for stdin." }.NotEmpty();
        var output = OpusOutputs.Argument("OUT.opus");
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command(
            "repair", "Write what can be read of a damaged voice message as a sound one.") { input, output, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(output) == "-")
                result.AddError("--json and the message cannot both go to stdout.");
        });
        command.SetAction((parsed, cancellationToken) => ExitCodes.RunInterruptibleAsync(() =>
        {
            var path = parsed.GetValue(output)!;
            var report = Input.Read(parsed.GetValue(input)!, stream => OpusOutputs.Write(
                path, to => OpusEditor.Repair(stream, to, null, cancellationToken), cancellationToken));
            OpusOutputs.Print(report, path, parsed.GetValue(json));
            return ExitCodes.Done;
        }, cancellationToken));
        return command;
    }
}
