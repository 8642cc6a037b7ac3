using System.CommandLine;
using VoiceKit.FFmpeg;
using VoiceKit.Importing;
using VoiceKit.Profiles;

namespace VoiceKit.Cli.Commands;

/// <summary>The options of <c>voicekit import</c> that say how a recording becomes a message.</summary>
internal sealed class ImportSettings
{
    private readonly Option<string?> _profile = new("--profile") { Description = "Make it as a chat platform wants it." };

    private readonly Option<bool> _normalize = new("--normalize")
    {
        Description = "Make it as loud as other messages, by the gain in its header.",
    };

    private readonly Option<bool> _trim = new("--trim-silence") { Description = "Leave out the silence at both ends." };
    private readonly Option<TimeSpan?> _longest = TimeArgument.Option("--max-length", "Cut off what is longer.");

    private readonly Option<bool> _encode = new("--reencode")
    {
        Description = "Encode Opus again too, instead of taking it as it is.",
    };

    private readonly Option<bool> _strip = new("--strip")
    {
        Description = "Leave out what tags tell: location, artist, comment, picture and the rest.",
    };

    private readonly Option<string?> _format = new("--format")
    {
        Description = "What it is, by ffmpeg's name, where the content does not tell: gsm, g722, g729.",
    };

    public ImportSettings()
    {
        _profile.AcceptOnlyFromAmong([.. VoiceProfile.All.Select(known => known.Name)]);
        _format.AcceptOnlyFromAmong([.. FFmpegOptions.DefaultFormats]);
    }

    public void AddTo(Command command)
    {
        Option[] options = [_profile, _normalize, _trim, _longest, _encode, _strip, _format];
        foreach (var option in options)
            command.Add(option);
        command.Validators.Add(result =>
        {
            if (TimeArgument.Of(result, _longest) == TimeSpan.Zero)
                result.AddError("--max-length is more than 0.");
        });
    }

    /// <summary>The platform that the message is made for; null for none.</summary>
    public VoiceProfile? PlatformOf(ParseResult parsed) =>
        parsed.GetValue(_profile) is { } name ? VoiceProfile.Find(name) : null;

    /// <summary>The importer that the options ask for, whose warnings name the input.</summary>
    public VoiceImporter Read(ParseResult parsed, string path)
    {
        var decoder = new FFmpegDecoder(new FFmpegOptions { InputFormat = parsed.GetValue(_format) });
        return new VoiceImporter(Codecs.Default, decoder, new VoiceImportOptions
        {
            Encoding = PlatformOf(parsed)?.ToEncodingOptions() ?? new VoiceEncodingOptions(),
            ForceEncoding = parsed.GetValue(_encode),
            StripTags = parsed.GetValue(_strip),
            Warned = warning => ExitCodes.Warn($"{Input.NameOf(path)}: {warning}"),
            TargetLoudness = parsed.GetValue(_normalize) ? VoiceImportOptions.DefaultTargetLoudness : null,
            TrimSilence = parsed.GetValue(_trim),
            MaxDuration = parsed.GetValue(_longest),
        });
    }
}
