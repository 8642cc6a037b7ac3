using System.CommandLine;
using VoiceKit.Opus;

namespace VoiceKit.Cli.Commands;

/// <summary>The options of <c>voicekit encode</c> that say what the message is like.</summary>
internal sealed class EncodeSettings
{
    private readonly Option<int> _bitrate = new("--bitrate")
    {
        Description = "Bits per second, 500…512000.",
        DefaultValueFactory = _ => 24_000,
    };

    private readonly Option<int> _channels = new("--channels")
    {
        Description = "1 or 2; audio is mixed as needed.",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<double> _frame = new("--frame")
    {
        Description = "Milliseconds per packet: 2.5, 5, 10, 20, 40, 60, 80, 100 or 120.",
        DefaultValueFactory = _ => 20,
    };

    private readonly Option<int> _complexity = new("--complexity")
    {
        Description = "0 (fast) … 10 (best).",
        DefaultValueFactory = _ => 10,
    };

    private readonly Option<string> _application = new("--application")
    {
        Description = "What to tune for.",
        DefaultValueFactory = _ => "voip",
    };

    private readonly Option<string[]> _tags = new("--tag") { Description = "A comment, K=V; may be repeated." };
    private readonly Option<bool> _dtx = new("--dtx") { Description = "Send silence as packets of a byte or two." };

    private readonly Option<int?> _serial = new("--serial")
    {
        Description = "A fixed stream serial number: equal input gives equal bytes.",
    };

    public EncodeSettings()
    {
        _bitrate.Limit(OpusEncoderOptions.MinBitrate, OpusEncoderOptions.MaxBitrate);
        _channels.Limit(1, 2);
        _complexity.Limit(0, 10);
        _application.AcceptOnlyFromAmong("voip", "audio");
        _frame.LimitToPacketDurations();
        _tags.Validators.Add(result =>
        {
            foreach (var tag in result.Tokens.Where(token => ParseTag(token.Value) is null))
                result.AddError($"--tag takes NAME=VALUE, not '{tag.Value}'.");
            foreach (var tag in result.Tokens.Where(token => ParseTag(token.Value) is { } it && !TagsCommand.HasValidGain(it)))
                result.AddError($"'{tag.Value}' is no gain: a whole number, -32768…32767, in 1/256 dB.");
        });
    }

    public void AddTo(Command command)
    {
        Option[] options = [_bitrate, _channels, _frame, _complexity, _application, _tags, _dtx, _serial];
        foreach (var option in options)
            command.Add(option);
    }

    public VoiceEncodingOptions Read(ParseResult parsed) => new()
    {
        Channels = parsed.GetValue(_channels),
        Comments = [.. (parsed.GetValue(_tags) ?? []).Select(tag => ParseTag(tag)!.Value)],
        Container = new OpusWriterOptions { Serial = parsed.GetValue(_serial) },
        Encoder = new OpusEncoderOptions
        {
            Application = parsed.GetValue(_application) == "audio" ? OpusApplication.Audio : OpusApplication.Voip,
            Bitrate = parsed.GetValue(_bitrate),
            Complexity = parsed.GetValue(_complexity),
            PacketDuration = TimeSpan.FromMilliseconds(parsed.GetValue(_frame)),
            UseDtx = parsed.GetValue(_dtx),
        },
    };

    private static OpusComment? ParseTag(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) is var separator and > 0 && OpusComment.IsValidName(text[..separator])
            ? new OpusComment(text[..separator], text[(separator + 1)..])
            : null;
}
