using System.CommandLine;
using System.Text.Json;
using VoiceKit.Cli.Batch;
using VoiceKit.Importing;
using VoiceKit.Opus;
using VoiceKit.Profiles;
using VoiceKit.Waveforms;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit import</c>: makes messages of whatever was recorded elsewhere.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("IN") { Description = "A recording of any format; - for stdin." }.NotEmpty();
        var output = new Argument<string>("OUT.opus")
        {
            Description = "The message; - for stdout. Not needed with --dry-run.",
        };
        var settings = new ImportSettings();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be done." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var jobs = OptionLimits.Jobs("How many files to work on at a time, with -d, 1…256.");
        var command = new Command("import", "Make a voice message of a recording in any format: M4A, MP3, WAV, WebM and more.")
        {
            input, output,
        };
        settings.AddTo(command);
        command.Add(dryRun);
        command.Add(json);
        command.Add(jobs);
        var many = new BatchArguments(command, input, output, result => result.GetResult(dryRun) is null);
        command.Validators.Add(result =>
        {
            var target = result.GetResult(output) is { Tokens: [var token] } ? token.Value : "";
            var isDry = result.GetResult(dryRun) is not null;
            if (many.AreMany(result) && (isDry || result.GetResult(json) is not null))
                result.AddError("--dry-run and --json tell of one file, and do not go with -d.");
            if (result.GetResult(json) is not null && target == "-" && !isDry)
                result.AddError("--json and the message cannot both go to stdout.");
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            var (path, isJson, platform) = (parsed.GetValue(input)!, parsed.GetValue(json), settings.PlatformOf(parsed));
            var work = new ImportWork(settings.Importer(parsed), settings.Options(parsed), platform, cancellationToken);
            if (many.FolderOf(parsed) is { } folder)
            {
                var files = many.FilesOf(parsed, ExtensionOf(platform));
                return new BatchRun(files, folder, parsed.GetValue(jobs), cancellationToken).RunAsync(
                    (file, progress) => work.ImportAsync(file.Input, file.Output, progress).GetAwaiter().GetResult());
            }

            return parsed.GetValue(dryRun)
                ? PreviewAsync(path, work, isJson)
                : ImportAsync(path, parsed.GetValue(output)!, work, isJson);
        });
        return command;
    }

    private static string ExtensionOf(VoiceProfile? platform) =>
        platform is null or { TakesOpus: true, Container: OpusContainer.Ogg } ? ".opus" : Path.GetExtension(platform.FileName);

    private static async Task<int> PreviewAsync(string path, ImportWork work, bool isJson)
    {
        VoiceImportPreview preview;
        using (var progress = new Progress("importing"))
            preview = await work.PreviewAsync(path, progress);
        if (isJson)
            JsonOutput.Write(json => WriteJson(json, preview));
        else
            WriteText(Console.Out, preview);
        return ExitCodes.Done;
    }

    private static async Task<int> ImportAsync(string path, string outputPath, ImportWork work, bool isJson)
    {
        VoiceMessage message;
        using (var progress = new Progress("importing"))
            message = await work.ImportAsync(path, outputPath, progress);
        if (isJson)
            JsonOutput.Write(json => WriteJson(json, message));
        else
            WriteText(outputPath == "-" ? Console.Error : Console.Out, message);
        return ExitCodes.Done;
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
}
