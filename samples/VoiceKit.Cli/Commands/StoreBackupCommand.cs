using System.CommandLine;
using VoiceKit.IO;
using VoiceKit.Storage;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit store DIR backup</c>.</summary>
internal static class StoreBackupCommand
{
    public static Command Create(Argument<string> folder)
    {
        var path = new Argument<string>("OUT.zip")
        {
            Description = "The zip file; - for stdout. Until it is whole it is OUT.zip.partial.",
        }.NotEmpty();
        var since = new Option<string?>("--since")
        {
            Description = "Leave out what an earlier backup has; its zip file, or the manifest.json out of it.",
            HelpName = "EARLIER.zip",
        };
        var resume = new Option<bool>("--resume")
        {
            Description = "Go on with OUT.zip.partial, which an interrupted backup has left.",
        };
        var command = new Command("backup", "Write all messages into a zip file.") { path, since, resume };
        command.Validators.Add(result =>
        {
            if (result.GetValue(resume) && result.GetValue(path) == "-")
                result.AddError("--resume needs a file, not stdout.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var store = new VoiceMessageStore(parsed.GetValue(folder)!);
            var output = parsed.GetValue(path)!;
            Replacing.Check(output);
            using var earlier = OpenEarlier(parsed.GetValue(since));
            var report = IsFile(output)
                ? await WriteFileAsync(store, output, earlier, parsed.GetValue(resume), cancellationToken)
                : await WriteStreamAsync(store, output, earlier, cancellationToken);
            StoreCommand.Write(report.Faults);
            var there = report.ResumedCount > 0 ? $", {report.ResumedCount} there already" : "";
            (output == "-" ? Console.Error : Console.Out).WriteLine($"{report.WrittenCount} messages{there}");
            return report.Faults.Count == 0 ? ExitCodes.Done : ExitCodes.BadInput;
        });
        return command;
    }

    private static FileStream? OpenEarlier(string? path)
    {
        if (path is null)
            return null;
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw InputException.From(path, exception);
        }
    }

    // Only the earlier backup is read as a format.
    private static async Task<VoiceBackupReport> BackupAsync(
        IVoiceMessageStore store, Stream output, FileStream? earlier, CancellationToken cancellationToken)
    {
        try
        {
            return await store.BackupAsync(output, earlier, cancellationToken: cancellationToken);
        }
        catch (VoiceFormatException exception) when (earlier is not null)
        {
            throw InputException.From(earlier.Name, exception);
        }
    }

    // Devices and pipes are written as they are.
    private static bool IsFile(string path) =>
        path != "-" && !Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal)
            && (!Path.Exists(path) || IsPlain(path));

    private static bool IsPlain(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            return file.CanSeek;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw InputException.CannotWrite(path, exception);
        }
    }

    private static async Task<VoiceBackupReport> WriteStreamAsync(
        IVoiceMessageStore store, string path, FileStream? earlier, CancellationToken cancellationToken)
    {
        using var output = new Output(path, cancellationToken);
        var report = await BackupAsync(store, output.Stream, earlier, cancellationToken);
        output.Commit();
        return report;
    }

    private static async Task<VoiceBackupReport> WriteFileAsync(
        IVoiceMessageStore store, string path, FileStream? earlier, bool isResumed, CancellationToken cancellationToken)
    {
        var partial = path + ".partial";
        try
        {
            VoiceBackupReport report;
            await using (var file = OpenPartial(partial, isResumed))
            {
                report = await BackupAsync(store, file, earlier, cancellationToken);
                DiskFlush.File(file);
            }

            File.Move(partial, path, overwrite: true);
            DiskFlush.Folder(Path.GetDirectoryName(Path.GetFullPath(path))!);
            return report;
        }
        catch (OperationCanceledException)
        {
            ExitCodes.Warn($"what is done is in {partial}; go on with --resume");
            throw;
        }
        catch (InputException) when (new FileInfo(partial) is { Exists: true, Length: 0 })
        {
            File.Delete(partial); // What was refused at once leaves nothing to go on with.
            throw;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw InputException.CannotWrite(path, exception);
        }
    }

    // Messages are the person's own affair, and so is a copy of them.
    private static FileStream OpenPartial(string path, bool isResumed)
    {
        var options = new FileStreamOptions
        {
            Mode = isResumed ? FileMode.OpenOrCreate : FileMode.Create,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 64 * 1024,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
