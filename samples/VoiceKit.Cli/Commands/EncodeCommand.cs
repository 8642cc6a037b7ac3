using System.CommandLine;
using VoiceKit.Audio;
using VoiceKit.Importing;
using VoiceKit.LibOpus;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit encode</c>: WAV to Ogg Opus.</summary>
internal static class EncodeCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("IN.wav") { Description = "The recording; - for stdin." }.NotEmpty();
        var output = new Argument<string>("OUT.opus") { Description = "The message; - for stdout." }.NotEmpty();
        var settings = new EncodeSettings();
        var jobs = OptionLimits.Jobs();
        var command = new Command("encode", "Make a voice message of a WAV recording.") { input, output };
        settings.AddTo(command);
        command.Add(jobs);
        command.SetAction((parsed, cancellationToken) =>
        {
            var options = settings.Read(parsed) with { MaxDegreeOfParallelism = parsed.GetValue(jobs) };
            var isLive = parsed.GetResult(jobs) is not { Implicit: false };
            return ExitCodes.RunInterruptibleAsync(
                () => Run(parsed.GetValue(input)!, parsed.GetValue(output)!, options, isLive, cancellationToken),
                cancellationToken);
        });
        return command;
    }

    private static int Run(
        string inputPath, string outputPath, VoiceEncodingOptions options, bool mayBeLive, CancellationToken cancellationToken) =>
        Input.Read(inputPath, stream =>
        {
            // What comes through a pipe may be live: it is not held back, unless that is asked for.
            if (mayBeLive && !stream.CanSeek)
                options = options with { MaxDegreeOfParallelism = null };
            using var opened = AudioFiles.Open(stream, leaveOpen: true);
            using var mono = opened.Format.Channels == 2 && options.Channels == 1 ? new ChannelMixingReader(opened, 1) : null;
            var source = mono ?? opened;
            using var output = new Output(outputPath, cancellationToken);
            using (var progress = new Progress(
                "encoding", source.FrameCount is { } frames ? source.Format.DurationOf(frames) : null))
                new VoiceEncoder(LibOpusCodec.Default).Encode(source, output.Stream, options, progress, cancellationToken);
            output.Commit();
            if (mono is { FoundOppositeChannels: true })
                ExitCodes.Warn($"{Input.NameOf(inputPath)}: {VoiceImportWarning.OppositeChannels}");
            return ExitCodes.Done;
        });
}
