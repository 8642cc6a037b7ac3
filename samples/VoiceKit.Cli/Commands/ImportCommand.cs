using System.CommandLine;
using System.Text.Json;
using VoiceKit.FFmpeg;
using VoiceKit.Importing;
using VoiceKit.Opus;
using VoiceKit.Profiles;
using VoiceKit.Waveforms;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit import</c>: makes a message of whatever was recorded elsewhere.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("IN") { Description = "A recording of any format; - for stdin." }.NotEmpty();
        var output = new Argument<string>("OUT.opus")
        {
            Description = "The message; - for stdout. Not needed with --dry-run.",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => "",
        };
        var settings = new ImportSettings();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be done." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("import", "Make a voice message of a recording in any format: M4A, MP3, WAV, WebM and more.")
        {
            input, output,
        };
        settings.AddTo(command);
        command.Add(dryRun);
        command.Add(json);
        command.Validators.Add(result =>
        {
            var target = result.GetResult(output) is { Tokens: [var token] } ? token.Value : "";
            var isDry = result.GetResult(dryRun) is not null;
            if (target.Length == 0 && !isDry)
                result.AddError("OUT.opus is missing.");
            if (result.GetResult(json) is not null && target == "-" && !isDry)
                result.AddError("--json and the message cannot both go to stdout.");
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            var (path, isJson) = (parsed.GetValue(input)!, parsed.GetValue(json));
            var importer = settings.Read(parsed, path);
            return parsed.GetValue(dryRun)
                ? PreviewAsync(path, importer, isJson, cancellationToken)
                : ImportAsync(
                    path, parsed.GetValue(output)!, importer, settings.PlatformOf(parsed), isJson, cancellationToken);
        });
        return command;
    }

    private static async Task<int> PreviewAsync(
        string path, VoiceImporter importer, bool isJson, CancellationToken cancellationToken)
    {
        var preview = await ReadAsync(path, async progress =>
        {
            if (path != "-")
                return await importer.PreviewAsync(path, null, progress, cancellationToken);
            using var stream = Input.Open(path);
            return await importer.PreviewAsync(stream, null, progress, cancellationToken);
        });
        if (isJson)
            JsonOutput.Write(json => WriteJson(json, preview));
        else
            WriteText(Console.Out, preview);
        return ExitCodes.Done;
    }

    private static async Task<int> ImportAsync(
        string path,
        string outputPath,
        VoiceImporter importer,
        VoiceProfile? platform,
        bool isJson,
        CancellationToken cancellationToken)
    {
        var message = await ReadAsync(path, async progress =>
        {
            if (path != "-")
                return await importer.ImportAsync(path, null, progress, cancellationToken);
            using var stream = Input.Open(path);
            return await importer.ImportAsync(stream, null, progress, cancellationToken);
        });
        if (platform is { TakesOpus: true })
            message = await FitAsync(message, platform, cancellationToken);
        await WriteAsync(outputPath, message, platform, cancellationToken);
        if (isJson)
            JsonOutput.Write(json => WriteJson(json, message));
        else
            WriteText(outputPath == "-" ? Console.Error : Console.Out, message);
        return ExitCodes.Done;
    }

    private static async Task WriteAsync(
        string path, VoiceMessage message, VoiceProfile? platform, CancellationToken cancellationToken)
    {
        if (platform is null or { TakesOpus: true, Container: OpusContainer.Ogg })
        {
            OpusOutputs.Write(path, message, cancellationToken);
            return;
        }

        var file = platform.TakesOpus
            ? message.ToFile(platform)
            : await SignalVoice.EncodeAsync(message, null, cancellationToken);
        using var output = new Output(path, cancellationToken);
        output.Stream.Write(file);
        output.Commit();
    }

    private static async Task<VoiceMessage> FitAsync(
        VoiceMessage message, VoiceProfile platform, CancellationToken cancellationToken)
    {
        var fit = await platform.FitAsync(message, Codecs.Default, cancellationToken);
        if (fit.Remaining.FirstOrDefault(finding => finding.Severity == VoiceProfileSeverity.Error) is { } refusal)
            throw new InputException($"{platform.Name} would refuse it: {refusal.Message}");
        return fit.Message;
    }

    private static async Task<T> ReadAsync<T>(string path, Func<IProgress<VoiceImportProgress>, Task<T>> work)
    {
        using var progress = new Phases();
        try
        {
            return await work(progress);
        }
        catch (Exception exception) when (exception is VoiceKitException or IOException or UnauthorizedAccessException)
        {
            throw InputException.From(Input.NameOf(path), exception);
        }
    }

    private static void WriteText(TextWriter text, VoiceMessage message)
    {
        var gain = message.Info.Head.OutputGain == 0 ? "" : $", gain {message.Info.Head.OutputGainDecibels:+0.##;-0.##} dB";
        var samples = OpusRates.ToSamples(message.Duration);
        text.WriteLine($"{Printable.Time(message.Duration)} ({samples} samples at 48 kHz), {message.Size} bytes{gain}");
    }

    private static void WriteText(TextWriter text, VoiceImportPreview preview)
    {
        text.WriteLine($"Content     {Printable.Line(preview.Content)}");
        text.WriteLine($"Action      {Describe(preview)}");
        text.WriteLine($"Duration    {Printable.ExactTime(preview.Duration)}");
        foreach (var warning in preview.Warnings)
            text.WriteLine($"Warning     {warning}");
        var left = Leaves(preview);
        if (left.Length > 0)
            text.WriteLine($"Left out    {left}");
        if (preview.IsRefused)
            text.WriteLine("Refused     it is too long");
        text.WriteLine($"Size        about {preview.EstimatedSize} bytes");
        var gain = preview.Gain == 0 ? "" : $", gain {preview.Gain:+0.##;-0.##} dB";
        text.WriteLine($"Loudness    {(double.IsFinite(preview.Loudness) ? $"{preview.Loudness:0.0} LUFS" : "silence")}{gain}");
        text.WriteLine($"Bars        {preview.Waveform.ToBlocks(null, WaveformScale.Perceptual)}");
    }

    private static string Describe(VoiceImportPreview preview) => preview.Action switch
    {
        VoiceImportAction.Take => "take the file as it is",
        VoiceImportAction.Copy => "copy the packets as they are",
        _ => preview.EncodingReason is { } reason ? $"encode again: {Printable.Line(reason)}" : "encode",
    };

    private static string Leaves(VoiceImportPreview preview)
    {
        var parts = new List<string>();
        if (preview.TrimmedStart > TimeSpan.Zero)
            parts.Add($"{preview.TrimmedStart.TotalSeconds:0.00} s of silence at the start");
        if (preview.TrimmedEnd > TimeSpan.Zero)
            parts.Add($"{preview.TrimmedEnd.TotalSeconds:0.00} s of silence at the end");
        if (preview.Cut > TimeSpan.Zero)
            parts.Add($"{preview.Cut.TotalSeconds:0.00} s that are too long");
        return string.Join(", ", parts);
    }

    private static void WriteJson(Utf8JsonWriter json, VoiceMessage message)
    {
        json.WriteStartObject();
        json.WriteNumber("duration_seconds", message.Duration.TotalSeconds);
        json.WriteNumber("samples", OpusRates.ToSamples(message.Duration));
        json.WriteNumber("size", message.Size);
        json.WriteNumber("output_gain_db", message.Info.Head.OutputGainDecibels);
        json.WriteEndObject();
    }

    private static void WriteJson(Utf8JsonWriter json, VoiceImportPreview preview)
    {
        json.WriteStartObject();
        json.WriteString("content", preview.Content);
        json.WriteString("action", preview.Action.ToString().ToLowerInvariant());
        json.WriteString("encoding_reason", preview.EncodingReason);
        json.WriteNumber("duration_seconds", preview.Duration.TotalSeconds);
        json.WriteNumber("source_duration_seconds", preview.SourceDuration.TotalSeconds);
        json.WriteNumber("trimmed_start_seconds", preview.TrimmedStart.TotalSeconds);
        json.WriteNumber("trimmed_end_seconds", preview.TrimmedEnd.TotalSeconds);
        json.WriteNumber("cut_seconds", preview.Cut.TotalSeconds);
        json.WriteBoolean("refused", preview.IsRefused);
        json.WriteNumber("estimated_size", preview.EstimatedSize);
        if (double.IsFinite(preview.Loudness))
            json.WriteNumber("loudness_lufs", Math.Round(preview.Loudness, 2));
        else
            json.WriteNull("loudness_lufs");
        json.WriteNumber("gain_db", preview.Gain);
        json.WriteStartArray("warnings");
        foreach (var warning in preview.Warnings)
            json.WriteStringValue(warning);
        json.WriteEndArray();
        json.WriteStartArray("bars");
        foreach (var bar in preview.Waveform.ToBars())
            json.WriteNumberValue(Math.Round(bar, 3));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>One line for each pass that takes long.</summary>
    private sealed class Phases : IProgress<VoiceImportProgress>, IDisposable
    {
        private VoiceImportProgress _last;
        private Progress? _line;

        public void Report(VoiceImportProgress value)
        {
            if (_line is null || value.Done < _last.Done || value.Total != _last.Total)
            {
                _line?.Dispose();
                _line = new Progress("importing", value.Total);
            }

            _last = value;
            _line.Report(value.Done);
        }

        public void Dispose() => _line?.Dispose();
    }
}
