using System.CommandLine;
using VoiceKit.Containers;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit tags</c>: the comments of a message, to read and to change without touching the audio.</summary>
internal static class TagsCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("IN")
        {
            Description = "The message; Ogg where tags are changed. - for stdin.",
        }.NotEmpty();
        var set = new Option<string[]>("--set")
        {
            Description = "Give a tag this value, in place of what it has. Repeatable.",
            HelpName = "K=V",
        };
        var remove = new Option<string[]>("--remove") { Description = "Take a tag away. Repeatable.", HelpName = "K" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        set.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => !TryParse(token.Value, out _)) is { } bad)
                result.AddError($"'{bad.Value}' is no tag: a name, = and a value.");
            else if (result.Tokens.FirstOrDefault(token => TryParse(token.Value, out var tag) && !HasValidGain(tag)) is { } gain)
                result.AddError($"'{gain.Value}' is no gain: a whole number, -32768…32767, in 1/256 dB.");
        });

        var command = new Command("tags", "Show the tags of a voice message, or change them.") { input, set, remove, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(input) == "-" && IsEdit(result.GetValue(set), result.GetValue(remove)))
                result.AddError("Tags are changed in a file, not on stdin.");
        });
        command.SetAction((parsed, cancellationToken) => ExitCodes.RunInterruptibleAsync(() =>
        {
            var tags = IsEdit(parsed.GetValue(set), parsed.GetValue(remove))
                ? Edit(parsed.GetValue(input)!, parsed.GetValue(set) ?? [], parsed.GetValue(remove) ?? [])
                : Read(parsed.GetValue(input)!);
            if (parsed.GetValue(json))
                WriteJson(tags);
            else
                WriteText(Console.Out, tags);
            return ExitCodes.Done;
        }, cancellationToken));
        return command;
    }

    private static bool IsEdit(string[]? set, string[]? remove) => set is { Length: > 0 } || remove is { Length: > 0 };

    private static OpusTags Read(string path) => Input.Read(path, stream =>
    {
        using var reader = OpusContainers.Open(stream, leaveOpen: true);
        return reader.Tags;
    });

    private static OpusTags Edit(string path, string[] set, string[] remove)
    {
        try
        {
            CheckOgg(path);
            return OggOpusTagEditor.Edit(path, tags => Change(tags, set, remove));
        }
        catch (Exception exception) when (exception is VoiceFormatException or IOException or UnauthorizedAccessException)
        {
            throw InputException.From(path, exception);
        }
    }

    private static void CheckOgg(string path)
    {
        Span<byte> start = stackalloc byte[12];
        using (var file = File.OpenRead(path))
            start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        if (OpusContainers.Identify(start) is { } container and not OpusContainer.Ogg)
        {
            throw new VoiceFormatException(
                $"This is {container}: tags are changed in Ogg only. 'voicekit remux' puts the message into Ogg as it is.");
        }
    }

    /// <summary>Whether a comment is no gain, or one that RFC 7845 §5.2.1 allows.</summary>
    public static bool HasValidGain(OpusComment comment)
    {
        var tags = new OpusTags("", [comment]);
        return tags.GetValue("R128_TRACK_GAIN") is null == tags.TrackGain is null
            && tags.GetValue("R128_ALBUM_GAIN") is null == tags.AlbumGain is null;
    }

    private static OpusTags Change(OpusTags tags, string[] set, string[] remove)
    {
        foreach (var name in remove)
            tags = tags.Without(name);
        var comments = set.Select(text => TryParse(text, out var comment) ? comment : default).ToArray();
        foreach (var comment in comments)
            tags = tags.Without(comment.Name);
        foreach (var comment in comments)
            tags = tags.Add(comment.Name, comment.Value);
        return tags;
    }

    private static bool TryParse(string text, out OpusComment comment)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        comment = at > 0 ? new OpusComment(text[..at], text[(at + 1)..]) : default;
        return at > 0 && OpusComment.IsValidName(comment.Name);
    }

    private static void WriteJson(OpusTags tags) => JsonOutput.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("vendor", tags.Vendor);
        JsonOutput.WriteTags(json, tags);
        json.WriteEndObject();
    });

    private static void WriteText(TextWriter text, OpusTags tags)
    {
        foreach (var comment in tags.Comments)
            text.WriteLine(Printable.Line(comment.ToString()));
    }
}
