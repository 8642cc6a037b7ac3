using VoiceKit.FFmpeg;
using VoiceKit.Importing;
using VoiceKit.Opus;
using VoiceKit.Profiles;

namespace VoiceKit.Cli.Commands;

/// <summary>Imports files, each as <c>voicekit import</c> was told to.</summary>
internal sealed class ImportWork(
    VoiceImporter importer, VoiceImportOptions options, VoiceProfile? platform, CancellationToken cancellationToken)
{
    /// <summary>Says what an import would do.</summary>
    public Task<VoiceImportPreview> PreviewAsync(string path, IFileProgress progress) =>
        ReadAsync(path, progress, async (told, steps) =>
        {
            if (path != "-")
                return await importer.PreviewAsync(path, told, steps, cancellationToken);
            using var stream = Input.Open(path);
            return await importer.PreviewAsync(stream, told, steps, cancellationToken);
        });

    /// <summary>Makes a message of a file and writes it.</summary>
    public async Task<VoiceMessage> ImportAsync(string path, string outputPath, IFileProgress progress)
    {
        var message = await ReadAsync(path, progress, async (told, steps) =>
        {
            if (path != "-")
                return await importer.ImportAsync(path, told, steps, cancellationToken);
            using var stream = Input.Open(path);
            return await importer.ImportAsync(stream, told, steps, cancellationToken);
        });
        if (platform is { TakesOpus: true })
            message = await FitAsync(path, message, platform);
        await WriteAsync(outputPath, message);
        return message;
    }

    private async Task<T> ReadAsync<T>(
        string path, IFileProgress progress, Func<VoiceImportOptions, IProgress<VoiceImportProgress>, Task<T>> work)
    {
        var told = options with { Warned = warning => progress.Warn($"{Input.NameOf(path)}: {warning}") };
        try
        {
            return await work(told, new Steps(progress));
        }
        catch (Exception exception) when (exception is VoiceKitException or IOException or UnauthorizedAccessException)
        {
            throw InputException.From(Input.NameOf(path), exception);
        }
    }

    private async Task<VoiceMessage> FitAsync(string path, VoiceMessage message, VoiceProfile profile)
    {
        var fit = await profile.FitAsync(message, Codecs.Default, cancellationToken);
        if (fit.Remaining.FirstOrDefault(finding => finding.Severity == VoiceProfileSeverity.Error) is { } refusal)
            throw new InputException($"{Input.NameOf(path)}: {profile.Name} would refuse it: {refusal.Message}");
        return fit.Message;
    }

    private async Task WriteAsync(string path, VoiceMessage message)
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

    // An import goes through the sound more than once.
    private sealed class Steps(IFileProgress progress) : IProgress<VoiceImportProgress>
    {
        public void Report(VoiceImportProgress value)
        {
            progress.Total = value.Total;
            progress.Report(value.Done);
        }
    }
}
