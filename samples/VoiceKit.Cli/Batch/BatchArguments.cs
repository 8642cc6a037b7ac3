using System.CommandLine;
using System.CommandLine.Parsing;

namespace VoiceKit.Cli.Batch;

/// <summary>What a command has that works on one file, <c>IN OUT</c>, or on several, <c>IN IN … -d FOLDER</c>.</summary>
internal sealed class BatchArguments
{
    private readonly Argument<string> _input;
    private readonly Argument<string> _output;
    private readonly Func<CommandResult, bool> _needsOutput;

    private readonly Argument<string[]> _more = new("MORE")
    {
        Description = "More inputs, with -d: then all are inputs.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _folder = new("--directory", "-d")
    {
        Description = "Work on many files, several at a time, and put the results here, under the names of the inputs.",
        HelpName = "OUT",
    };

    /// <summary>Adds the two to a command.</summary>
    /// <param name="command">The command, which has both arguments.</param>
    /// <param name="input">The one input, or the first.</param>
    /// <param name="output">The output, or the second input.</param>
    /// <param name="needsOutput">Whether one input needs an output; null where it always does.</param>
    public BatchArguments(
        Command command, Argument<string> input, Argument<string> output, Func<CommandResult, bool>? needsOutput = null)
    {
        (_input, _output, _needsOutput) = (input, output, needsOutput ?? (_ => true));
        output.Arity = ArgumentArity.ZeroOrOne;
        command.Add(_more);
        command.Add(_folder);
        command.Validators.Add(Check);
    }

    /// <summary>The folder for the outputs of several inputs; null where there is one.</summary>
    public string? FolderOf(ParseResult parsed) => parsed.GetValue(_folder);

    /// <summary>Whether several files are worked on.</summary>
    public bool AreMany(CommandResult result) => result.GetResult(_folder) is not null;

    /// <summary>The inputs, and where each goes.</summary>
    public IReadOnlyList<BatchFile> FilesOf(ParseResult parsed, string extension)
    {
        string?[] all = [parsed.GetValue(_input), parsed.GetValue(_output), .. parsed.GetValue(_more) ?? []];
        return BatchNames.Plan([.. all.OfType<string>().Where(path => path.Length > 0)], parsed.GetValue(_folder)!, extension);
    }

    private void Check(CommandResult result)
    {
        var more = TokensOf(result, _more);
        if (!AreMany(result))
        {
            if (_needsOutput(result) && TokensOf(result, _output).Count == 0)
                result.AddError($"{_output.Name} is missing.");
            if (more.Count > 0)
                result.AddError($"'{more[0]}' is one too many: several inputs need a folder for what they become, -d OUT.");
            return;
        }

        if (result.GetResult(_folder) is { Tokens: [{ Value: "" }] })
            result.AddError("-d is an empty name.");
        string[] inputs = [.. TokensOf(result, _input), .. TokensOf(result, _output), .. more];
        if (inputs.Contains("-"))
            result.AddError("stdin has no name for a file in the folder of -d.");
        if (more.Contains(""))
            result.AddError("A file name is empty.");
    }

    private static List<string> TokensOf(CommandResult result, Argument argument) =>
        result.GetResult(argument) is { } found ? [.. found.Tokens.Select(token => token.Value)] : [];
}
