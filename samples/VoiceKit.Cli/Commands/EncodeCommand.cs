using System.CommandLine;
using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.Importing;
using VoiceKit.LibOpus;
using VoiceKit.Opus;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit encode</c>: WAV to Ogg Opus.</summary>
internal static class EncodeCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("IN.wav") { Description = "The recording; - for stdin." }.NotEmpty();
        var output = new Argument<string>("OUT.opus") { Description = "The message; - for stdout." }.NotEmpty();
        var bitrate = new Option<int>("--bitrate") { Description = "Bits per second, 500…512000.", DefaultValueFactory = _ => 24_000 };
        var channels = new Option<int>("--channels") { Description = "1 or 2; audio is mixed as needed.", DefaultValueFactory = _ => 1 };
        var frame = new Option<double>("--frame")
        {
            Description = "Milliseconds per packet: 2.5, 5, 10, 20, 40, 60, 80, 100 or 120.",
            DefaultValueFactory = _ => 20,
        };
        var complexity = new Option<int>("--complexity") { Description = "0 (fast) … 10 (best).", DefaultValueFactory = _ => 10 };
        var application = new Option<string>("--application") { Description = "What to tune for.", DefaultValueFactory = _ => "voip" };
        var tags = new Option<string[]>("--tag") { Description = "A comment, K=V; may be repeated." };
        var dtx = new Option<bool>("--dtx") { Description = "Send silence as packets of a byte or two." };
        var serial = new Option<int?>("--serial") { Description = "A fixed stream serial number: equal input gives equal bytes." };
        var jobs = OptionLimits.Jobs();

        bitrate.Limit(OpusEncoderOptions.MinBitrate, OpusEncoderOptions.MaxBitrate);
        channels.Limit(1, 2);
        complexity.Limit(0, 10);
        application.AcceptOnlyFromAmong("voip", "audio");
        frame.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !IsPacketDuration(token.Value)))
                result.AddError($"--frame takes 2.5, 5, 10, 20, 40, 60, 80, 100 or 120, not {token.Value}.");
        });
        tags.Validators.Add(result =>
        {
            foreach (var tag in result.Tokens.Where(token => ParseTag(token.Value) is null))
                result.AddError($"--tag takes NAME=VALUE, not '{tag.Value}'.");
            foreach (var tag in result.Tokens.Where(token => ParseTag(token.Value) is { } it && !TagsCommand.HasValidGain(it)))
                result.AddError($"'{tag.Value}' is no gain: a whole number, -32768…32767, in 1/256 dB.");
        });

        var command = new Command("encode", "Make a voice message of a WAV recording.")
        {
            input, output, bitrate, channels, frame, complexity, application, tags, dtx, serial, jobs,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var options = new VoiceEncodingOptions
            {
                Channels = parsed.GetValue(channels),
                Comments = [.. (parsed.GetValue(tags) ?? []).Select(tag => ParseTag(tag)!.Value)],
                Container = new OpusWriterOptions { Serial = parsed.GetValue(serial) },
                MaxDegreeOfParallelism = parsed.GetValue(jobs),
                Encoder = new OpusEncoderOptions
                {
                    Application = parsed.GetValue(application) == "audio" ? OpusApplication.Audio : OpusApplication.Voip,
                    Bitrate = parsed.GetValue(bitrate),
                    Complexity = parsed.GetValue(complexity),
                    PacketDuration = TimeSpan.FromMilliseconds(parsed.GetValue(frame)),
                    UseDtx = parsed.GetValue(dtx),
                },
            };
            var isLive = parsed.GetResult(jobs) is not { Implicit: false };
            return ExitCodes.RunInterruptibleAsync(
                () => Run(parsed.GetValue(input)!, parsed.GetValue(output)!, options, isLive, cancellationToken),
                cancellationToken);
        });
        return command;
    }

    private static int Run(string inputPath, string outputPath, VoiceEncodingOptions options, bool mayBeLive, CancellationToken cancellationToken) =>
        Input.Read(inputPath, stream =>
        {
            // What comes through a pipe may be live: it is not held back, unless that is asked for.
            if (mayBeLive && !stream.CanSeek)
                options = options with { MaxDegreeOfParallelism = null };
            using var opened = AudioFiles.Open(stream, leaveOpen: true);
            using var mono = opened.Format.Channels == 2 && options.Channels == 1 ? new ChannelMixingReader(opened, 1) : null;
            var source = mono ?? opened;
            using var output = new Output(outputPath, cancellationToken);
            using (var progress = new Progress("encoding", source.FrameCount is { } frames ? source.Format.DurationOf(frames) : null))
                new VoiceEncoder(LibOpusCodec.Default).Encode(source, output.Stream, options, progress, cancellationToken);
            output.Commit();
            if (mono is { FoundOppositeChannels: true })
                ExitCodes.Warn($"{Input.NameOf(inputPath)}: {VoiceImportWarning.OppositeChannels}");
            return ExitCodes.Done;
        });

    private static bool IsPacketDuration(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
        && value < 1000 && OpusRates.IsPacketDuration(TimeSpan.FromMilliseconds(value));

    private static OpusComment? ParseTag(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) is var separator and > 0 && OpusComment.IsValidName(text[..separator])
            ? new OpusComment(text[..separator], text[(separator + 1)..])
            : null;
}
