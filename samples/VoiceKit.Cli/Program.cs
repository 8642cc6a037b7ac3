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
};
var commands = new OrderedDictionary<string, Func<Command>>
{
    ["encode"] = EncodeCommand.Create,
    ["decode"] = DecodeCommand.Create,
    ["import"] = ImportCommand.Create,
    ["info"] = InfoCommand.Create,
    ["waveform"] = WaveformCommand.Create,
    ["remux"] = RemuxCommand.Create,
    ["trim"] = TrimCommand.Create,
    ["join"] = JoinCommand.Create,
    ["repair"] = RepairCommand.Create,
    ["check"] = CheckCommand.Create,
    ["tags"] = TagsCommand.Create,
    ["devices"] = DevicesCommand.Create,
    ["record"] = RecordCommand.Create,
    ["play"] = PlayCommand.Create,
    ["drafts"] = DraftsCommand.Create,
    ["store"] = StoreCommand.Create,
};

// The one that is asked for is enough. All of them are what help and mistyped names need.
if (args.Length > 0 && commands.TryGetValue(args[0], out var create))
{
    root.Add(create());
}
else if (args is not ["--version"])
{
    foreach (var (_, createAny) in commands)
        root.Add(createAny());
}

// '@name' is a file name like any other.
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
Replacing.IsAllowed = parsed.GetValue(Replacing.Option);

// An interrupt ends a recording, which is finished on a slow disk too. Other work is given up, for it may wait for its input.
var configuration = new InvocationConfiguration
{
    EnableDefaultExceptionHandler = false,
    ProcessTerminationTimeout = TimeSpan.FromSeconds(args is ["record", ..] ? 60 : 2),
};
return parsed.Errors.Count > 0
    ? ExitCodes.ReportUsage(parsed)
    : await ExitCodes.RunAsync(() => parsed.InvokeAsync(configuration));
