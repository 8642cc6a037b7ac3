using System.CommandLine;
using System.Globalization;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Opus;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit remux</c>: from one container into another, without touching the audio.</summary>
internal static class RemuxCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("IN") { Description = "Opus in Ogg, WebM, MP4 or CAF; - for stdin." }.NotEmpty();
        var output = OutputArgument();
        var packet = PacketOption();
        var rate = RateOption();
        var command = new Command("remux", "Put a voice message into another container; the audio stays as it is.")
        {
            input, output, packet, rate,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(packet) is not null
                && ContainerOf(result.GetValue(output) ?? "") is not (OpusContainer.Ogg or null))
                result.AddError("--packet is for Ogg.");
            if (result.GetResult(rate) is not null
                && ContainerOf(result.GetValue(output) ?? "") is not (OpusContainer.Caf or null))
                result.AddError("--rate is for CAF.");
        });
        command.SetAction((parsed, cancellationToken) => ExitCodes.RunInterruptibleAsync(() =>
        {
            var path = parsed.GetValue(output)!;
            var report = Input.Read(parsed.GetValue(input)!, stream => OpusOutputs.Write(
                path,
                to => Write(
                    stream, to, ContainerOf(path)!.Value, parsed.GetValue(packet), parsed.GetValue(rate), cancellationToken),
                cancellationToken));
            OpusOutputs.Print(report, path);
            return ExitCodes.Done;
        }, cancellationToken));
        return command;
    }

    private static Argument<string> OutputArgument()
    {
        var output = new Argument<string>("OUT")
        {
            Description = "The result; its name ends in .opus, .ogg, .webm, .mp4, .m4a or .caf. - for Ogg on stdout.",
        }.NotEmpty();
        output.Validators.Add(result =>
        {
            if (result.Tokens is [var name, ..] && ContainerOf(name.Value) is null)
                result.AddError($"'{name.Value}' does not end in .opus, .ogg, .oga, .webm, .mka, .mp4, .m4a or .caf.");
        });
        return output;
    }

    private static Option<double?> PacketOption()
    {
        var packet = new Option<double?>("--packet")
        {
            Description =
                "Make packets of so many milliseconds, of the same frames (Ogg only): 2.5, 5, 10, 20, 40, 60, 80, 100 or 120.",
            HelpName = "MS",
        };
        packet.LimitToPacketDurations();
        return packet;
    }

    private static Option<int?> RateOption()
    {
        var rate = new Option<int?>("--rate")
        {
            Description = "The rate that a CAF file tells: 8000, 12000, 16000, 24000 or 48000.",
        };
        rate.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !IsRate(token.Value)))
                result.AddError($"--rate takes 8000, 12000, 16000, 24000 or 48000, not '{token.Value}'.");
        });
        return rate;
    }

    private static OpusCopyReport Write(
        Stream input, Stream output, OpusContainer container, double? packet, int? rate, CancellationToken cancellationToken) =>
        packet is { } ms ? OpusEditor.Regroup(input, output, TimeSpan.FromMilliseconds(ms), cancellationToken: cancellationToken)
        : rate is { } hertz ? OpusEditor.RemuxToCaf(input, output, hertz, cancellationToken)
        : OpusEditor.Remux(input, output, container, null, cancellationToken);

    private static bool IsRate(string text) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out var hertz) && OpusRates.IsSupported(hertz);

    private static OpusContainer? ContainerOf(string path) => path == "-" ? OpusContainer.Ogg
        : Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".opus" or ".ogg" or ".oga" => OpusContainer.Ogg,
            ".webm" or ".mka" => OpusContainer.WebM,
            ".mp4" or ".m4a" => OpusContainer.Mp4,
            ".caf" => OpusContainer.Caf,
            _ => null,
        };
}
