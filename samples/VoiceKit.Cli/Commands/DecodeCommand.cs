using System.CommandLine;
using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit decode</c>: Ogg Opus to WAV.</summary>
internal static class DecodeCommand
{
    private const int MinRate = 8000;
    private const int MaxRate = 192_000;

    public static Command Create()
    {
        var input = new Argument<string>("IN.opus") { Description = "The message; - for stdin." }.NotEmpty();
        var output = new Argument<string>("OUT.wav") { Description = "The recording; - for stdout." }.NotEmpty();
        var rate = new Option<int>("--rate")
        {
            Description = $"Samples per second, {MinRate}…{MaxRate}.",
            DefaultValueFactory = _ => OpusRates.Full,
        };
        var isFloat = new Option<bool>("--float") { Description = "Write 32-bit floats instead of 16-bit integers." };
        rate.Limit(MinRate, MaxRate);

        var command = new Command("decode", "Turn a voice message into a WAV recording.") { input, output, rate, isFloat };
        command.SetAction((parsed, cancellationToken) =>
        {
            var format = parsed.GetValue(isFloat) ? WavSampleFormat.Float32 : WavSampleFormat.Pcm16;
            return Task.Run(
                () => Run(parsed.GetValue(input)!, parsed.GetValue(output)!, parsed.GetValue(rate), format, cancellationToken));
        });
        return command;
    }

    private static int Run(string inputPath, string outputPath, int rate, WavSampleFormat format, CancellationToken cancellationToken) =>
        Input.Read(inputPath, stream =>
        {
            var samples = CountSamples(stream);
            using var source = OpenAudio(stream, rate);
            using var output = new Output(outputPath, cancellationToken);
            var frames = FramesAt(samples, rate, output.CanSeek);
            using (var writer = new WavWriter(output.Stream, source.Format, format, frames, leaveOpen: true))
            using (var progress = new Progress("decoding", samples is { } all ? new AudioFormat(OpusRates.Full, 1).DurationOf(all) : null))
            {
                source.CopyTo(writer, progress, cancellationToken);
                writer.Complete();
            }

            output.Commit();
            return ExitCodes.Done;
        });

    // A rate that Opus does not have is made of the full one.
    private static IAudioReader OpenAudio(Stream stream, int rate) => OpusRates.IsSupported(rate)
        ? new OpusAudioReader(stream, LibOpusCodec.Default, rate, leaveOpen: true)
        : new ResamplingReader(new OpusAudioReader(stream, LibOpusCodec.Default, leaveOpen: true), rate);

    // The header of a WAV on a pipe comes before the audio, so its length is found first where the input can be read twice.
    private static long? CountSamples(Stream stream)
    {
        if (!stream.CanSeek)
            return null;
        var samples = OpusInfo.Read(stream).Samples;
        stream.Position = 0;
        return samples;
    }

    // The decoder's own lower rates drop samples packet by packet, so that the number found here may be off by one or two: good
    // enough for a header that can be corrected.
    private static long? FramesAt(long? samples, int rate, bool canCorrect) =>
        samples is { } count && (canCorrect || rate == OpusRates.Full || !OpusRates.IsSupported(rate))
            ? Resampler.OutputFrames(count, OpusRates.Full, rate)
            : null;
}
