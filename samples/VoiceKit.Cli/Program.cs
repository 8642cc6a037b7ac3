using System.CommandLine;
using System.CommandLine.Help;
using System.Text;
using VoiceKit.Cli;
using VoiceKit.Cli.Commands;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

var root = new Command(
    "voicekit", "Voice messages on the command line: record, play, encode, decode, inspect, draw, edit, repair.")
{
    new HelpOption(),
    new VersionOption(),
    Replacing.Option,
    EncodeCommand.Create(),
    DecodeCommand.Create(),
    ImportCommand.Create(),
    InfoCommand.Create(),
    WaveformCommand.Create(),
    RemuxCommand.Create(),
    TrimCommand.Create(),
    JoinCommand.Create(),
    RepairCommand.Create(),
    CheckCommand.Create(),
    TagsCommand.Create(),
    DevicesCommand.Create(),
    RecordCommand.Create(),
    PlayCommand.Create(),
    DraftsCommand.Create(),
    StoreCommand.Create(),
};

// '@name' is a file name like any other.
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
Replacing.IsAllowed = parsed.GetValue(Replacing.Option);
return parsed.Errors.Count > 0
    ? ExitCodes.ReportUsage(parsed)
    : await ExitCodes.RunAsync(() => parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }));
