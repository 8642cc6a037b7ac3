using System.CommandLine;
using System.Text;
using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Opus;
using VoiceKit.Waveforms;

namespace VoiceKit.Cli.Commands;

/// <summary>
/// <c>voicekit waveform</c>: the bars of a message or of a recording, as text, numbers, a picture, or what a platform sends.
/// </summary>
internal static class WaveformCommand
{
    // Enough that other numbers of bars can be cut from them.
    private const int FineBars = 6400;

    private static readonly string[] Formats =
    [
        "text", "json", "svg", "png", "telegram", "whatsapp", "discord", "matrix", "matrix-v1",
        "audiowaveform-json", "audiowaveform-dat",
    ];

    public static Command Create()
    {
        var input = new Argument<string>("IN")
        {
            Description = "A message or a recording of any format; - for stdin.",
        }.NotEmpty();
        var bars = new Option<int?>("--bars")
        {
            Description = $"How many bars, 1…{Waveform.MaxCount}; 64, or the platform's, or one for 256 samples (audiowaveform).",
        };
        var bits = new Option<int>("--bits")
        {
            Description = "The size of audiowaveform's numbers: 8 or 16.",
            DefaultValueFactory = _ => 16,
        };
        var format = new Option<string>("--format") { Description = "How to write them.", DefaultValueFactory = _ => "text" };
        var output = new Option<string?>("--output", "-o") { Description = "Where to write them; stdout without it." };
        var dark = new Option<bool>("--dark") { Description = "Draw pictures for a dark background." };
        var played = new Option<int>("--played") { Description = "How much of a picture was played, in percent." };
        format.AcceptOnlyFromAmong(Formats);
        bars.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var count) && count is < 1 or > Waveform.MaxCount)
                result.AddError($"--bars takes 1…{Waveform.MaxCount}, not {count}.");
        });
        played.Limit(0, 100);
        bits.AcceptOnlyFromAmong("8", "16");
        var jobs = OptionLimits.Jobs();
        var codec = Codecs.Option();

        var command = new Command("waveform", "Draw the bars of a voice message or a recording.")
        {
            input, bars, format, bits, output, dark, played, jobs, codec,
        };
        command.SetAction((parsed, cancellationToken) => ExitCodes.RunAsync(
            () =>
            {
                var colors = parsed.GetValue(dark) ? WaveformPictureOptions.Dark : WaveformPictureOptions.Light;
                var request = new Request(
                    parsed.GetValue(input)!,
                    parsed.GetValue(bars),
                    parsed.GetValue(format)!,
                    parsed.GetValue(bits),
                    parsed.GetValue(output),
                    colors with { Played = parsed.GetValue(played) / 100.0 },
                    parsed.GetValue(jobs),
                    Codecs.Of(parsed.GetValue(codec)));
                return Run(request, cancellationToken);
            }));
        return command;
    }

    private static int Run(Request request, CancellationToken cancellationToken)
    {
        var isBinary = request.Format is "png" or "audiowaveform-dat";
        if (isBinary && request.Output is null or "-" && !Console.IsOutputRedirected)
            throw new InputException($"{request.Format} is no text for a terminal: name a file with -o");

        var (bytes, duration) = AnyAudio.Read(
            request.Input,
            stream => DrawOpus(stream, request, cancellationToken),
            audio => Draw(audio, request, cancellationToken),
            cancellationToken);
        if (duration == TimeSpan.Zero)
            ExitCodes.Warn($"{Input.NameOf(request.Input)}: there is no audio in it");
        using var output = new Output(request.Output ?? "-", cancellationToken);
        output.Stream.Write(bytes);
        output.Commit();
        return ExitCodes.Done;
    }

    private static (byte[] Bytes, TimeSpan Duration) DrawOpus(Stream stream, Request request, CancellationToken cancellationToken)
    {
        if (IsAudioWaveform(request))
        {
            using var audio = new OpusAudioReader(stream, request.Decoder, leaveOpen: true);
            return Draw(audio, request, cancellationToken);
        }

        using var progress = new Progress("reading", null);
        var waveform = Waveform.FromOpus(
            stream, BarsFor(request), request.Decoder, request.Jobs, progress, AccuracyFor(request), cancellationToken);
        return (Format(waveform, request), waveform.Duration);
    }

    private static (byte[] Bytes, TimeSpan Duration) Draw(
        IAudioReader audio, Request request, CancellationToken cancellationToken)
    {
        using var progress = new Progress("reading", audio.FrameCount is { } frames ? audio.Format.DurationOf(frames) : null);
        if (!IsAudioWaveform(request))
        {
            var waveform = Waveform.FromAudio(audio, BarsFor(request), progress, cancellationToken);
            return (Format(waveform, request), waveform.Duration);
        }

        var file = request.Bars is { } bars
            ? AudioWaveformFile.FitAudio(audio, bars, request.Bits, progress, cancellationToken)
            : AudioWaveformFile.FromAudio(
                audio, AudioWaveformFile.DefaultSamplesPerPixel, request.Bits, progress, cancellationToken);
        return (request.Format == "audiowaveform-dat" ? file.ToDat() : [.. file.ToJson(), (byte)'\n'], file.Duration);
    }

    private static bool IsAudioWaveform(Request request) => request.Format is "audiowaveform-json" or "audiowaveform-dat";

    // These two promise peaks and means of the samples; the others draw.
    private static WaveformAccuracy AccuracyFor(Request request) =>
        request.Format is "telegram" or "whatsapp" ? WaveformAccuracy.Exact : WaveformAccuracy.Drawing;

    private static int BarsFor(Request request) => request.Format switch
    {
        "text" => request.Output is null ? Math.Min(request.Bars ?? 64, TerminalWidth()) : request.Bars ?? 64,
        "telegram" => 100,
        "whatsapp" => 64,
        "discord" => request.Bars ?? FineBars,
        "matrix" or "matrix-v1" => request.Bars ?? 100,
        _ => request.Bars ?? 64,
    };

    private static byte[] Format(Waveform waveform, Request request) => request.Format switch
    {
        "text" => Lines(waveform.ToBlocks(), Describe(waveform)),
        "json" => Json(waveform),
        "svg" => Encoding.UTF8.GetBytes(waveform.ToSvg(request.Picture)),
        "png" => waveform.ToPng(request.Picture),
        "telegram" => Lines(waveform.ToText(WaveformEncoding.Telegram)),
        "whatsapp" => Lines(waveform.ToText(WaveformEncoding.WhatsApp)),
        "discord" => Lines(waveform.ToText(WaveformEncoding.Discord)),
        "matrix" => Lines(waveform.ToText(WaveformEncoding.Matrix)),
        _ => Lines(waveform.ToText(WaveformEncoding.MatrixV1)),
    };

    private static byte[] Json(Waveform waveform) => JsonOutput.ToBytes(json =>
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

    private static string Describe(Waveform waveform)
    {
        var peak = waveform.Peak > 0 ? $"{20 * Math.Log10(waveform.Peak):F1} dBFS" : "silent";
        return $"{Printable.Time(waveform.Duration)}, peak {peak}";
    }

    private static byte[] Lines(params string[] lines) =>
        Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + Environment.NewLine)));

    // A terminal that does not know its width says 0.
    private static int TerminalWidth() => Console.IsOutputRedirected ? int.MaxValue
        : Console.WindowWidth > 0 ? Console.WindowWidth
        : 80;

    private sealed record Request(
        string Input,
        int? Bars,
        string Format,
        int Bits,
        string? Output,
        WaveformPictureOptions Picture,
        int Jobs,
        IOpusDecoderFactory? Decoder);
}
