using System.CommandLine;
using VoiceKit.Containers;
using VoiceKit.Editing;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit trim</c>: cuts a stretch out, to the sample and without encoding.</summary>
internal static class TrimCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("IN") { Description = "The message, in any container; - for stdin." }.NotEmpty();
        var output = OpusOutputs.Argument("OUT.opus");
        var from = TimeArgument.Option("--from", "Where the stretch begins; the start by default.");
        var to = TimeArgument.Option("--to", "Where it ends; the end by default.");
        var command = new Command(
            "trim", "Cut a stretch out of a voice message without encoding it anew.") { input, output, from, to };
        command.Validators.Add(result =>
        {
            var (start, end) = (TimeArgument.Of(result, from), TimeArgument.Of(result, to));
            if (result.GetResult(from) is null && result.GetResult(to) is null)
                result.AddError("--from or --to is missing.");
            else if (end <= (start ?? TimeSpan.Zero))
                result.AddError("--to must be behind --from.");
        });
        command.SetAction((parsed, cancellationToken) => ExitCodes.RunInterruptibleAsync(() =>
        {
            var path = parsed.GetValue(output)!;
            var (start, end) = (parsed.GetValue(from) ?? TimeSpan.Zero, parsed.GetValue(to));
            var report = Input.Read(parsed.GetValue(input)!, stream => OpusOutputs.Write(
                path, written => Trim(stream, written, start, end, cancellationToken), cancellationToken));
            OpusOutputs.Print(report, path);
            return ExitCodes.Done;
        }, cancellationToken));
        return command;
    }

    private static OpusCopyReport Trim(
        Stream input, Stream output, TimeSpan from, TimeSpan? to, CancellationToken cancellationToken)
    {
        try
        {
            return OpusEditor.Trim(input, output, from, to, null, cancellationToken);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw InputException.EndsBefore(FindEnd(input), from, exception);
        }
    }

    private static TimeSpan? FindEnd(Stream input)
    {
        if (!input.CanSeek)
            return null;
        input.Position = 0;
        return OpusInfo.Read(input).Duration;
    }
}
