using System.CommandLine;
using VoiceKit.Recording;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit drafts</c>: recordings that did not end as they should, and how to get them back.</summary>
internal static class DraftsCommand
{
    public static Command Create()
    {
        var command = new Command("drafts", "List recordings that were cut off.");
        command.SetAction((_, cancellationToken) => ListAsync(cancellationToken));

        var folder = new Argument<string>("DIR")
        {
            Description = "The folder that they go to; made if it is missing.",
        }.NotEmpty();
        var recover = new Command("recover", "Put recordings that were cut off into a folder, as whole files.") { folder };
        recover.SetAction((parsed, cancellationToken) => RecoverAsync(parsed.GetValue(folder)!, cancellationToken));
        command.Subcommands.Add(recover);
        return command;
    }

    private static async Task<int> ListAsync(CancellationToken cancellationToken)
    {
        var drafts = Devices.Drafts.List();
        foreach (var draft in drafts)
        {
            var about = await DescribeAsync(draft, cancellationToken);
            Console.WriteLine($"{draft.Id}  {draft.StartedAt.ToLocalTime():yyyy-MM-dd HH:mm:ss}  {about}");
        }

        Console.WriteLine(drafts.Count == 0 ? "There are no drafts." : $"In {Printable.Line(Devices.Drafts.Folder)}");
        return ExitCodes.Done;
    }

    private static async Task<string> DescribeAsync(VoiceDraft draft, CancellationToken cancellationToken)
    {
        if (draft.IsInUse)
            return $"{draft.Size} bytes, being recorded";
        try
        {
            var message = await Devices.Drafts.RecoverAsync(draft, cancellationToken);
            return $"{Printable.Time(message.Duration)}, {draft.Size} bytes";
        }
        catch (VoiceFormatException)
        {
            return "without audio";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Printable.Line(exception.Message);
        }
    }

    private static async Task<int> RecoverAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw InputException.CannotWrite(folder, exception);
        }

        var (recovered, code) = (0, ExitCodes.Done);
        foreach (var draft in Devices.Drafts.List().Where(draft => !draft.IsInUse))
        {
            try
            {
                recovered += await TryRecoverAsync(draft, Path.Combine(folder, draft.Id + ".opus"), cancellationToken) ? 1 : 0;
            }
            catch (Exception exception)
                when (exception is InputException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                Console.Error.WriteLine($"voicekit: {draft.Id}: {Printable.Line(exception.Message)}");
                code = ExitCodes.BadInput;
            }
        }

        Console.WriteLine(recovered == 1 ? "1 recording recovered." : $"{recovered} recordings recovered.");
        return code;
    }

    // What holds no audio is no loss, and would be listed for ever.
    private static async Task<bool> TryRecoverAsync(VoiceDraft draft, string path, CancellationToken cancellationToken)
    {
        Replacing.Check(path);
        try
        {
            var message = await Devices.Drafts.RecoverToFileAsync(draft, path, cancellationToken);
            Console.WriteLine($"{Printable.Line(path)}: {Printable.Time(message.Duration)}");
            return true;
        }
        catch (VoiceFormatException)
        {
            Devices.Drafts.Delete(draft);
            Console.WriteLine($"{draft.Id}: without audio, deleted");
            return false;
        }
    }
}
