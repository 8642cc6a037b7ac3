using System.CommandLine;
using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Waveforms;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit waveform</c>: the bars of a message or of a recording.</summary>
internal static class WaveformCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("IN") { Description = "An Ogg Opus message or a WAV recording; - for stdin." }.NotEmpty();
        var bars = new Option<int>("--bars") { Description = $"How many bars, 1…{Waveform.MaxCount}.", DefaultValueFactory = _ => 64 };
        var format = new Option<string>("--format") { Description = "How to print them.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        bars.Limit(1, Waveform.MaxCount);

        var command = new Command("waveform", "Draw the bars of a voice message or a recording.") { input, bars, format };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () => Run(parsed.GetValue(input)!, parsed.GetValue(bars), parsed.GetValue(format) == "json", cancellationToken)));
        return command;
    }

    private static int Run(string path, int bars, bool isJson, CancellationToken cancellationToken)
    {
        var waveform = Input.Read(path, stream =>
        {
            using var audio = OpenAudio(stream);
            using var progress = new Progress("reading", audio.FrameCount is { } frames ? audio.Format.DurationOf(frames) : null);
            return Waveform.FromAudio(audio, isJson ? bars : Math.Min(bars, TerminalWidth()), progress, cancellationToken);
        });
        if (waveform.Duration == TimeSpan.Zero)
            ExitCodes.Warn($"{Input.NameOf(path)}: there is no audio in it");
        if (isJson)
            WriteJson(waveform);
        else
            WriteText(waveform);
        return ExitCodes.Done;
    }

    // The content decides, not the name.
    private static IAudioReader OpenAudio(Stream stream)
    {
        var input = PrefixStream.Peek(stream, 4, out var start);
        return start is "RIFF" or "RIFX" or "RF64" or "BW64"
            ? new WavReader(input)
            : new OpusAudioReader(input, LibOpusCodec.Default);
    }

    private static void WriteJson(Waveform waveform) => JsonOutput.Write(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("bars");
        foreach (var bar in waveform.ToBars())
            json.WriteNumberValue(MathF.Round(bar, 4));
        json.WriteEndArray();
        json.WriteNumber("peak", waveform.Peak);
        json.WriteNumber("duration_seconds", waveform.Duration.TotalSeconds);
        json.WriteEndObject();
    });

    private static void WriteText(Waveform waveform)
    {
        var peak = waveform.Peak > 0 ? $"{20 * Math.Log10(waveform.Peak):F1} dBFS" : "silent";
        Console.WriteLine(waveform.ToBlocks());
        Console.WriteLine($"{Printable.Time(waveform.Duration)}, peak {peak}");
    }

    // A terminal that does not know its width says 0.
    private static int TerminalWidth() => Console.IsOutputRedirected ? int.MaxValue
        : Console.WindowWidth > 0 ? Console.WindowWidth
        : 80;
}
