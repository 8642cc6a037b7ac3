using VoiceKit.Audio;
using VoiceKit.Diagnostics;
using VoiceKit.Opus;

namespace VoiceKit.Importing;

/// <summary>
/// Makes voice messages of what was recorded elsewhere. The content decides, not the name: Opus in Ogg, WebM, MP4 or CAF is taken
/// as it is, WAV and AIFF are encoded, and everything else goes through a decoder, such as that of VoiceKit.FFmpeg, where there
/// is one.
/// </summary>
/// <remarks>Thread-safe, as far as the codec and the decoder are. The work is done on other threads than the caller's.</remarks>
public sealed class VoiceImporter : IVoiceImporter
{
    private readonly IOpusEncoderFactory _codec;
    private readonly IAudioDecoder? _decoder;
    private readonly VoiceImportOptions _options;

    /// <summary>Creates an importer.</summary>
    /// <param name="codec">Encodes what is not taken as it is.</param>
    /// <param name="decoder">Opens what VoiceKit does not read itself; null for nothing of that.</param>
    /// <param name="options">How to import where a call does not say it; null for the defaults.</param>
    public VoiceImporter(IOpusEncoderFactory codec, IAudioDecoder? decoder = null, VoiceImportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(codec);
        _codec = codec;
        _decoder = decoder;
        _options = options ?? new VoiceImportOptions();
    }

    /// <summary>Decodes Opus that is measured, shown in a preview or encoded anew.</summary>
    /// <value>The decoder in C# by default: what strangers send is decoded in memory-safe code.</value>
    public IOpusDecoderFactory OpusDecoder { get; init; } = DefaultOpusDecoder.Factory;

    /// <summary>
    /// Where the work is done. A server may give threads of a lower priority, so that requests do not wait for imports.
    /// </summary>
    /// <value>The thread pool by default.</value>
    public TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;

    /// <summary>
    /// Raised when an import or a preview has failed, before its caller gets the exception: for a log. Not raised for a
    /// cancellation, nor for a wrong argument. It is raised on another thread than the caller's.
    /// </summary>
    public event EventHandler<Exception>? Failed;

    /// <inheritdoc/>
    public Task<VoiceMessage> ImportAsync(
        string path,
        VoiceImportOptions? options = null,
        IProgress<VoiceImportProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= _options;
        return ImportAsync(
            () => ImportSource.OfAsync(path, options.MaxInputSize, cancellationToken), options, progress, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// What is neither a file nor memory is copied first, since formats want to be read back and forth: up to 1 MiB into memory,
    /// more into a temporary file.
    /// </remarks>
    public Task<VoiceMessage> ImportAsync(
        Stream stream,
        VoiceImportOptions? options = null,
        IProgress<VoiceImportProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        CheckReadable(stream);
        options ??= _options;
        return ImportAsync(
            () => ImportSource.OfAsync(stream, options.MaxInputSize, cancellationToken), options, progress, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<VoiceImportPreview> PreviewAsync(
        string path,
        VoiceImportOptions? options = null,
        IProgress<VoiceImportProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= _options;
        return RunAsync(
            () => ImportSource.OfAsync(path, options.MaxInputSize, cancellationToken),
            import => import.Preview(),
            options,
            progress,
            cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>It is copied first like a stream that is imported.</remarks>
    public async Task<VoiceImportPreview> PreviewAsync(
        Stream stream,
        VoiceImportOptions? options = null,
        IProgress<VoiceImportProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        CheckReadable(stream);
        options ??= _options;
        var start = stream.CanSeek ? stream.Position : 0;
        try
        {
            return await RunAsync(
                () => ImportSource.OfAsync(stream, options.MaxInputSize, cancellationToken),
                import => import.Preview(),
                options,
                progress,
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (stream.CanSeek)
                stream.Position = start;
        }
    }

    private async Task<VoiceMessage> ImportAsync(
        Func<Task<ImportSource>> open,
        VoiceImportOptions options,
        IProgress<VoiceImportProgress>? progress,
        CancellationToken cancellationToken)
    {
        var measurement = Instruments.Import.Begin();
        try
        {
            var message = await RunAsync(
                open, import => import.Make(), options, progress, cancellationToken).ConfigureAwait(false);
            measurement.Succeed(message.Duration);
            return message;
        }
        catch (Exception exception)
        {
            measurement.Fail(exception);
            throw;
        }
    }

    private Task<T> RunAsync<T>(
        Func<Task<ImportSource>> open,
        Func<VoiceImport, T> work,
        VoiceImportOptions options,
        IProgress<VoiceImportProgress>? progress,
        CancellationToken cancellationToken) =>
        Task.Run(
            async () =>
            {
                try
                {
                    using var source = await open().ConfigureAwait(false);
                    return await OnScheduler(() => work(Begin(source, options, progress, cancellationToken)), cancellationToken)
                        .ConfigureAwait(false);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    AppHandlers.Raise(Failed, this, exception);
                    throw;
                }
            },
            cancellationToken);

    private VoiceImport Begin(
        ImportSource source,
        VoiceImportOptions options,
        IProgress<VoiceImportProgress>? progress,
        CancellationToken cancellationToken)
    {
        var content = ImportContent.Identify(source, OpusDecoder, _decoder, cancellationToken);
        return new VoiceImport(source, content, _codec, OpusDecoder, options, progress, cancellationToken);
    }

    private Task<T> OnScheduler<T>(Func<T> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.DenyChildAttach, Scheduler);

    private static void CheckReadable(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead)
            throw new ArgumentException("The stream cannot be read.", nameof(stream));
    }
}
