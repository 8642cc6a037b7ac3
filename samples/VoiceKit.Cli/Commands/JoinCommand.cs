using System.CommandLine;
using VoiceKit.Editing;
using VoiceKit.LibOpus;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit join</c>: messages one behind the other in one file.</summary>
internal static class JoinCommand
{
    public static Command Create()
    {
        var inputs = new Argument<string[]>("IN")
        {
            Description = "The messages in their order, in any container.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "The result; - for stdout.",
            Required = true,
            HelpName = "OUT.opus",
        };
        var one = new Option<bool>("--one-stream")
        {
            Description =
                "Make one stream of them, which browsers and phones play to its end: "
                + "the sound next to each seam is encoded anew.",
        };
        var command =
            new Command("join", "Put voice messages one behind the other, as links of a chained file.") { inputs, output, one };
        command.Validators.Add(result =>
        {
            if (result.GetValue(inputs)?.Any(path => path.Length == 0) == true || result.GetValue(output) == "")
                result.AddError("A file name is empty.");
        });
        command.SetAction((parsed, cancellationToken) => ExitCodes.RunInterruptibleAsync(() =>
        {
            var path = parsed.GetValue(output)!;
            var report = OpusOutputs.Write(
                path, to => Join(parsed.GetValue(inputs)!, to, parsed.GetValue(one), cancellationToken), cancellationToken);
            OpusOutputs.Print(report, path);
            return ExitCodes.Done;
        }, cancellationToken));
        return command;
    }

    private static OpusCopyReport Join(string[] paths, Stream output, bool asOne, CancellationToken cancellationToken)
    {
        var current = paths[0];
        try
        {
            return asOne
                ? OpusEditor.JoinAsOne(OpenAll(), output, Codecs.Default, null, cancellationToken)
                : OpusEditor.Join(OpenAll(), output, null, cancellationToken);
        }
        catch (VoiceFormatException exception)
        {
            throw InputException.From(Input.NameOf(current), exception);
        }

        IEnumerable<Stream> OpenAll()
        {
            foreach (var path in paths)
            {
                current = path;
                using var stream = Input.Open(path);
                yield return stream;
            }
        }
    }
}
