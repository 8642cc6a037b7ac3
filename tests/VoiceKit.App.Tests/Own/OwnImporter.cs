using VoiceKit.Audio;
using VoiceKit.Importing;
using VoiceKit.Waveforms;

namespace VoiceKit.App.Tests.Own;

/// <summary>An app's own importer: it knows bytes of 8-bit PCM at 16 kHz, which no header tells.</summary>
internal sealed class OwnImporter(IVoiceEncoder encoder) : IVoiceImporter
{
    private static readonly AudioFormat Format = new(16_000, 1);

    public async Task<VoiceMessage> ImportAsync(
        string path,
        VoiceImportOptions? options = null,
        IProgress<VoiceImportProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        await using var file = File.OpenRead(path);
        return await ImportAsync(file, options, progress, cancellationToken);
    }

    public async Task<VoiceMessage> ImportAsync(
        Stream stream,
        VoiceImportOptions? options = null,
        IProgress<VoiceImportProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        await encoder.EncodeAsync(await ReadAsync(stream, cancellationToken), Format, cancellationToken: cancellationToken);

    public async Task<VoiceImportPreview> PreviewAsync(
        string path,
        VoiceImportOptions? options = null,
        IProgress<VoiceImportProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        await using var file = File.OpenRead(path);
        return await PreviewAsync(file, options, progress, cancellationToken);
    }

    public async Task<VoiceImportPreview> PreviewAsync(
        Stream stream,
        VoiceImportOptions? options = null,
        IProgress<VoiceImportProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var pcm = await ReadAsync(stream, cancellationToken);
        var bars = new WaveformBuilder(Format);
        bars.Add(pcm);
        return new VoiceImportPreview
        {
            Action = VoiceImportAction.Encode,
            Content = "bytes of an answering machine",
            Duration = bars.Duration,
            SourceDuration = bars.Duration,
            TrimmedStart = TimeSpan.Zero,
            TrimmedEnd = TimeSpan.Zero,
            Cut = TimeSpan.Zero,
            IsRefused = false,
            EstimatedSize = pcm.Length / 5,
            Loudness = double.NegativeInfinity,
            Gain = 0,
            Waveform = bars.Build(options?.Bars ?? 64),
        };
    }

    private static async Task<float[]> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellationToken);
        return [.. bytes.ToArray().Select(value => (value - 128) / 128f)];
    }
}
