using System.CommandLine;
using VoiceKit.Audio;
using VoiceKit.Cli.Batch;
using VoiceKit.Containers;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit decode</c>: Opus to WAV, one file or many.</summary>
internal static class DecodeCommand
{
    private const int MinRate = 8000;
    private const int MaxRate = 192_000;

    public static Command Create()
    {
        var input = new Argument<string>("IN") { Description = "The message, in Ogg, WebM, MP4 or CAF; - for stdin." }.NotEmpty();
        var output = new Argument<string>("OUT.wav") { Description = "The recording; - for stdout." }.NotEmpty();
        var rate = new Option<int>("--rate")
        {
            Description = $"Samples per second, {MinRate}…{MaxRate}.",
            DefaultValueFactory = _ => OpusRates.Full,
        };
        var isFloat = new Option<bool>("--float") { Description = "Write 32-bit floats instead of 16-bit integers." };
        var jobs = OptionLimits.Jobs();
        var codec = Codecs.Option();
        rate.Limit(MinRate, MaxRate);
        var from = TimeArgument.Option("--from", "Where to begin; the start by default.");
        var to = TimeArgument.Option("--to", "Where to end; the end by default.");

        var command = new Command("decode", "Turn a voice message into a WAV recording.")
        {
            input, output, rate, isFloat, from, to, jobs, codec,
        };
        var many = new BatchArguments(command, input, output);
        command.Validators.Add(result =>
        {
            if (TimeArgument.Of(result, to) <= (TimeArgument.Of(result, from) ?? TimeSpan.Zero))
                result.AddError("--to must be behind --from.");
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            var format = parsed.GetValue(isFloat) ? WavSampleFormat.Float32 : WavSampleFormat.Pcm16;
            var stretch = new Stretch(
                parsed.GetValue(rate),
                parsed.GetValue(from),
                parsed.GetValue(to),
                parsed.GetValue(jobs),
                Codecs.Of(parsed.GetValue(codec)));
            if (many.FolderOf(parsed) is { } folder)
            {
                var run = new BatchRun(many.FilesOf(parsed, ".wav"), folder, stretch.Jobs, cancellationToken);
                stretch = stretch with { Jobs = run.CoresPerFile };
                return run.RunAsync(
                    (file, progress) => Run(file.Input, file.Output, stretch, format, progress, cancellationToken));
            }

            return ExitCodes.RunInterruptibleAsync(
                () =>
                {
                    using var progress = new Progress("decoding");
                    return Run(parsed.GetValue(input)!, parsed.GetValue(output)!, stretch, format, progress, cancellationToken);
                },
                cancellationToken);
        });
        return command;
    }

    private static int Run(
        string inputPath,
        string outputPath,
        Stretch stretch,
        WavSampleFormat format,
        IFileProgress progress,
        CancellationToken cancellationToken) =>
        Input.Read(inputPath, stream =>
        {
            var all = CountSamples(stream);
            stretch.CheckBegin(all);
            var samples = stretch.Of(all);
            using var part = OpenPart(stream, stretch, softClips: format != WavSampleFormat.Float32);
            using IAudioReader source = part.ToFormat(new AudioFormat(stretch.Rate, part.Format.Channels));
            using var output = new Output(outputPath, cancellationToken);
            var frames = FramesAt(samples, stretch.Rate, output.CanSeek);
            progress.Total = samples is { } count ? OpusRates.ToTime(count) : null;
            long framesWritten;
            using (var writer = new WavWriter(output.Stream, source.Format, format, frames, leaveOpen: true))
            {
                source.CopyTo(writer, progress, cancellationToken);
                writer.Complete();
                framesWritten = writer.FramesWritten;
            }

            if (framesWritten == 0)
                throw new VoiceFormatException("there is no audio in it");
            output.Commit();
            return ExitCodes.Done;
        });

    // A rate that Opus does not have is made of the full one.
    private static IAudioReader OpenPart(Stream stream, Stretch stretch, bool softClips)
    {
        var rate = OpusRates.IsSupported(stretch.Rate) ? stretch.Rate : OpusRates.Full;
        var audio = OpenAudio(stream, stretch, rate, softClips);
        return stretch.IsAll ? audio : new AudioStretch(audio, stretch.From, stretch.To);
    }

    // What comes through a pipe may be live: it is not waited for.
    private static IAudioReader OpenAudio(Stream stream, Stretch stretch, int rate, bool softClips) =>
        stretch.Jobs > 1 && stretch.From is null && stream.CanSeek
            ? OpusContainers.OpenAudio(stream, stretch.Jobs, stretch.Decoder, rate, leaveOpen: true, softClips: softClips)
            : new OpusAudioReader(stream, stretch.Decoder, rate, leaveOpen: true) { SoftClips = softClips };

    // The header of a WAV on a pipe comes before the audio, so its length is found first where the input can be read twice.
    private static long? CountSamples(Stream stream)
    {
        if (!stream.CanSeek)
            return null;
        var samples = OpusRates.ToSamples(OpusInfo.Read(stream).Duration);
        stream.Position = 0;
        return samples;
    }

    // The decoder's own lower rates drop samples packet by packet, so that the number found here may be off by one or two: good
    // enough for a header that can be corrected.
    private static long? FramesAt(long? samples, int rate, bool canCorrect) =>
        samples is { } count && (canCorrect || rate == OpusRates.Full || !OpusRates.IsSupported(rate))
            ? (count * rate + OpusRates.Full / 2) / OpusRates.Full
            : null;

    private sealed record Stretch(int Rate, TimeSpan? From, TimeSpan? To, int Jobs, IOpusDecoderFactory? Decoder)
    {
        public bool IsAll => From is null && To is null;

        /// <summary>How many of so many samples at 48 kHz are in it.</summary>
        public long? Of(long? samples)
        {
            var start = OpusRates.ToSamples(From ?? TimeSpan.Zero);
            return samples is { } all ? Math.Max(0, Math.Min(all, To is { } end ? OpusRates.ToSamples(end) : all) - start) : null;
        }

        /// <summary>Refuses a beginning behind the end.</summary>
        public void CheckBegin(long? samples)
        {
            if (From is { } from && from > TimeSpan.Zero && OpusRates.ToSamples(from) >= samples)
                throw InputException.EndsBefore(OpusRates.ToTime(samples.Value), from);
        }
    }
}
