using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using VoiceKit.FFmpeg;
using VoiceKit.Storage;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit store</c>: a folder of messages.</summary>
internal static class StoreCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The store's folder; made if it is missing." }.NotEmpty();
        return new Command("store", "Keep voice messages in a folder.")
        {
            folder,
            Add(folder),
            List(folder),
            Export(folder),
            WithId(folder, "forward", "Add a copy of a message to those that were sent.", ForwardAsync),
            WithId(folder, "delete", "Delete a message for good.", DeleteAsync),
            StoreBackupCommand.Create(folder),
            Restore(folder),
            Verify(folder),
        };
    }

    private static Command Add(Argument<string> folder)
    {
        var input = new Argument<string>("IN") { Description = "The message, in Ogg Opus; - for stdin." }.NotEmpty();
        var received = new Option<bool>("--received") { Description = "It was received, not sent." };
        var sender = new Option<string?>("--sender") { Description = "Who sent it.", HelpName = "S" };
        var refuse =
            new Option<bool>("--refuse-damaged") { Description = "Refuse a damaged message instead of adding it repaired." };
        var command = new Command("add", "Add a message, and print its id.") { input, received, sender, refuse };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var store = new VoiceMessageStore(parsed.GetValue(folder)!);
            var info = new VoiceMessageInfo
            {
                Direction = parsed.GetValue(received) ? VoiceMessageDirection.Received : VoiceMessageDirection.Sent,
                Sender = parsed.GetValue(sender),
            };
            var path = parsed.GetValue(input)!;
            try
            {
                var message = await StoreInput.LoadAsync(path, parsed.GetValue(refuse), cancellationToken);
                Console.WriteLine((await store.AddAsync(message, info, cancellationToken)).Id);
                return ExitCodes.Done;
            }
            catch (VoiceFormatException exception)
            {
                throw InputException.From(Input.NameOf(path), exception);
            }
        });
        return command;
    }

    private static Command List(Argument<string> folder)
    {
        var json = new Option<bool>("--json") { Description = "Print a JSON array." };
        var limit = new Option<int>("--limit") { Description = "How many at most.", DefaultValueFactory = _ => 50 };
        var before = new Option<string?>("--before") { Description = "Only those older than this one.", HelpName = "ID" };
        limit.Limit(1, int.MaxValue);
        var command = new Command("list", "List messages, the newest first.") { json, limit, before };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var store = new VoiceMessageStore(parsed.GetValue(folder)!);
            var last = parsed.GetValue(before) is { } id
                ? await store.GetAsync(id, cancellationToken) ?? throw NoSuch(id)
                : null;
            var query = new VoiceMessageQuery { Limit = parsed.GetValue(limit), Before = last };
            var messages = await store.ListAsync(query, cancellationToken).ToListAsync(cancellationToken);
            if (parsed.GetValue(json))
                JsonOutput.Write(writer => Write(writer, messages));
            else
                Write(Console.Out, messages);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Export(Argument<string> folder)
    {
        var id = IdArgument();
        var output = new Argument<string>("OUT")
        {
            Description = "The file; its ending decides: .opus, .ogg, .wav, .mp3, .m4a.",
        }.NotEmpty();
        var command = new Command("export", "Copy a message to a file, without what the store knows of it.") { id, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var store = new VoiceMessageStore(parsed.GetValue(folder)!);
            var (name, path) = (parsed.GetValue(id)!, parsed.GetValue(output)!);
            Replacing.Check(path);
            return await ExportAsync(store, name, path, cancellationToken) ? ExitCodes.Done : throw NoSuch(name);
        });
        return command;
    }

    private static Task<bool> ExportAsync(IVoiceMessageStore store, string id, string path, CancellationToken cancellationToken)
    {
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".wav" => store.ExportWavAsync(id, path, Codecs.Decoder, cancellationToken),
            ".mp3" => ExportAs(FFmpegExportFormat.Mp3),
            ".m4a" => ExportAs(FFmpegExportFormat.M4a),
            ".opus" or ".ogg" or ".oga" => store.ExportAsync(id, path, cancellationToken),
            _ =>
                throw new InputException(
                    $"{path}: what to write is not known from the ending; .opus, .ogg, .wav, .mp3 and .m4a are"),
        };

        Task<bool> ExportAs(FFmpegExportFormat format) =>
            store.ExportAsync(id, path, Codecs.Decoder, new FFmpegExporter(format), cancellationToken);
    }

    private static Command Verify(Argument<string> folder)
    {
        var command = new Command("verify", "List what is damaged or missing; returns 1 when something is.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var store = new VoiceMessageStore(parsed.GetValue(folder)!);
            var faults = await store.VerifyAsync(null, cancellationToken);
            Write(faults);
            Console.WriteLine(faults.Count == 0 ? "All is well." : $"{faults.Count} faults");
            return faults.Count == 0 ? ExitCodes.Done : ExitCodes.BadInput;
        });
        return command;
    }

    private static Argument<string> IdArgument() =>
        new Argument<string>("ID") { Description = "The message's id, as list prints it." }.NotEmpty();

    private static Command WithId(
        Argument<string> folder, string name, string text, Func<IVoiceMessageStore, string, CancellationToken, Task<int>> run)
    {
        var id = IdArgument();
        var command = new Command(name, text) { id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var store = new VoiceMessageStore(parsed.GetValue(folder)!);
            return await run(store, parsed.GetValue(id)!, cancellationToken);
        });
        return command;
    }

    private static Command Restore(Argument<string> folder)
    {
        var input = new Argument<string>("IN.zip") { Description = "The zip file." }.NotEmpty();
        var command = new Command(
            "restore", "Add the messages of a backup; returns 1 when something is wrong with it.") { input };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var store = new VoiceMessageStore(parsed.GetValue(folder)!);
            return await RestoreAsync(store, parsed.GetValue(input)!, cancellationToken);
        });
        return command;
    }

    private static async Task<int> ForwardAsync(IVoiceMessageStore store, string id, CancellationToken cancellationToken)
    {
        var forwarded = await store.ForwardAsync(id, null, cancellationToken) ?? throw NoSuch(id);
        Console.WriteLine(forwarded.Id);
        return ExitCodes.Done;
    }

    private static async Task<int> DeleteAsync(IVoiceMessageStore store, string id, CancellationToken cancellationToken) =>
        await store.DeleteAsync(id, cancellationToken) ? ExitCodes.Done : throw NoSuch(id);

    private static async Task<int> RestoreAsync(IVoiceMessageStore store, string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var input = File.OpenRead(path);
            var report = await store.RestoreAsync(input, null, cancellationToken);
            Write(report.Faults);
            Console.WriteLine(
                $"{report.Restored.Count} restored, {report.ReplacedCount} replaced, {report.UnchangedCount} there already, "
                + $"{report.NewerCount} newer here");
            return report.Faults.Count == 0 ? ExitCodes.Done : ExitCodes.BadInput;
        }
        catch (NotSupportedException)
        {
            throw new InputException($"{Input.NameOf(path)}: a backup is restored from a file, not from a pipe");
        }
        catch (Exception exception) when (exception is VoiceFormatException or IOException or UnauthorizedAccessException)
        {
            throw InputException.From(path, exception);
        }
    }

    private static InputException NoSuch(string id) => new($"there is no message '{Printable.Line(id)}'");

    internal static void Write(IReadOnlyList<VoiceStoreFault> faults)
    {
        foreach (var fault in faults)
            Console.Error.WriteLine($"{Printable.Line(fault.Name)}: {Printable.Line(fault.Message)}");
    }

    private static void Write(TextWriter text, IReadOnlyList<StoredVoiceMessage> messages)
    {
        foreach (var message in messages)
        {
            var time = message.Time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            var arrow = message.Direction == VoiceMessageDirection.Sent ? "→" : message.IsPlayed ? "←" : "●";
            var forwarded = message.ForwardedCount > 0 ? $"  forwarded {message.ForwardedCount}×" : "";
            var length = message.IsReadable ? Printable.Time(message.Duration) : "cannot be read";
            text.WriteLine(Printable.Line(
                $"{message.Id}  {time}  {arrow} {length}  {Path.GetFileName(message.Path)}  "
                + $"{message.Sender}{forwarded}").TrimEnd());
        }
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<StoredVoiceMessage> messages)
    {
        json.WriteStartArray();
        foreach (var message in messages)
        {
            json.WriteStartObject();
            json.WriteString("id", message.Id);
            json.WriteString("path", message.Path);
            json.WriteString("direction", JsonNamingPolicy.SnakeCaseLower.ConvertName(message.Direction.ToString()));
            json.WriteString("sender", message.Sender);
            json.WriteString("time", message.Time.UtcDateTime);
            json.WriteNumber("duration_seconds", message.Duration.TotalSeconds);
            json.WriteNumber("size", message.Size);
            json.WriteNumber("forwarded", message.ForwardedCount);
            json.WriteBoolean("played", message.IsPlayed);
            json.WriteBoolean("readable", message.IsReadable);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
