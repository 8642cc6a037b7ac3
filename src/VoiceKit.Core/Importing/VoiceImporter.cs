using VoiceKit.Audio;
using VoiceKit.Diagnostics;
using VoiceKit.Opus;

namespace VoiceKit.Importing;

/// <summary>
/// Makes voice messages of what was recorded elsewhere. The content decides, not the name: Opus in Ogg, WebM, MP4 or CAF is taken as
/// it is, WAV and AIFF are encoded, and everything else goes through a decoder, such as that of VoiceKit.FFmpeg, where there is one.
/// </summary>
/// <remarks>Thread-safe, as far as the codec and the decoder are. The work is done on other threads than the caller's.</remarks>
public sealed class VoiceImporter
{
    private readonly IOpusCodec _codec;
    private readonly IAudioDecoder? _decoder;
    private readonly VoiceImportOptions _options;

    /// <summary>Creates an importer.</summary>
    /// <param name="codec">Encodes, and decodes where Opus is measured.</param>
    /// <param name="decoder">Opens what VoiceKit does not read itself; null for nothing of that.</param>
    /// <param name="options">How to import where a call does not say it; null for the defaults.</param>
    public VoiceImporter(IOpusCodec codec, IAudioDecoder? decoder = null, VoiceImportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(codec);
        _codec = codec;
        _decoder = decoder;
        _options = options ?? new VoiceImportOptions();
    }

    /// <summary>
    /// Hears why an import or a preview failed, before its caller gets the exception: for a log. Not raised for a cancellation, nor for
    /// a wrong argument. It is raised on the thread that does the work.
    /// </summary>
    public event EventHandler<Exception>? Failed;

    /// <summary>Makes a message of a file.</summary>
    /// <param name="path">The file; must not change meanwhile.</param>
    /// <param name="options">How; null for the importer's own.</param>
    /// <param name="progress">Told how far each phase is, from time to time and at its end.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The message, in memory.</returns>
    /// <exception cref="VoiceFormatException">Nothing here reads it, and the message names what it is; or it is broken.</exception>
    /// <exception cref="VoiceImportException">It is longer than the options allow.</exception>
    /// <exception cref="VoiceKitException">The decoder cannot decode it, or is not there.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<VoiceMessage> ImportAsync(
        string path,
        VoiceImportOptions? options = null,
        IProgress<VoiceImportProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return ImportAsync(Source, options, progress, cancellationToken);

        ImportSource Source() => ImportSource.Of(path, (options ?? _options).MaxInputSize, cancellationToken);
    }

    /// <summary>Makes a message of what a stream holds.</summary>
    /// <param name="stream">The bytes, from where the stream stands to its end; stays open. What cannot seek is kept in a temporary
    /// file meanwhile; so is what goes through a decoder.</param>
    /// <param name="options">How; null for the importer's own.</param>
    /// <param name="progress">Told how far each phase is, from time to time and at its end.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The message, in memory.</returns>
    /// <exception cref="VoiceFormatException">Nothing here reads it, and the message names what it is; or it is broken, or too large.</exception>
    /// <exception cref="VoiceImportException">It is longer than the options allow.</exception>
    /// <exception cref="VoiceKitException">The decoder cannot decode it, or is not there.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<VoiceMessage> ImportAsync(
        Stream stream,
        VoiceImportOptions? options = null,
        IProgress<VoiceImportProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        CheckReadable(stream);
        return ImportAsync(Source, options, progress, cancellationToken);

        ImportSource Source() => ImportSource.Of(stream, (options ?? _options).MaxInputSize, cancellationToken);
    }

    /// <summary>Says what importing a file would do and make, without writing anything.</summary>
    /// <param name="path">The file; must not change meanwhile.</param>
    /// <param name="options">How; null for the importer's own.</param>
    /// <param name="progress">Told how far the work is, from time to time and at its end.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="VoiceFormatException">Nothing here reads it, and the message names what it is; or it is broken.</exception>
    /// <exception cref="VoiceKitException">The decoder cannot decode it, or is not there.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<VoiceImportPreview> PreviewAsync(
        string path,
        VoiceImportOptions? options = null,
        IProgress<VoiceImportProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Task.Run(() => Run(Source, options, progress, import => import.Preview(), cancellationToken), cancellationToken);

        ImportSource Source() => ImportSource.Of(path, (options ?? _options).MaxInputSize, cancellationToken);
    }

    /// <summary>Says what importing a stream would do and make. A stream that can seek is left where it stood.</summary>
    /// <param name="stream">The bytes, from where the stream stands to its end; stays open.</param>
    /// <param name="options">How; null for the importer's own.</param>
    /// <param name="progress">Told how far the work is, from time to time and at its end.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="VoiceFormatException">Nothing here reads it, and the message names what it is; or it is broken, or too large.</exception>
    /// <exception cref="VoiceKitException">The decoder cannot decode it, or is not there.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<VoiceImportPreview> PreviewAsync(
        Stream stream,
        VoiceImportOptions? options = null,
        IProgress<VoiceImportProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        CheckReadable(stream);
        var start = stream.CanSeek ? stream.Position : 0;
        var preview = await Task.Run(
            () => Run(Source, options, progress, import => import.Preview(), cancellationToken), cancellationToken).ConfigureAwait(false);
        if (stream.CanSeek)
            stream.Position = start;
        return preview;

        ImportSource Source() => ImportSource.Of(stream, (options ?? _options).MaxInputSize, cancellationToken);
    }

    private Task<VoiceMessage> ImportAsync(
        Func<ImportSource> open,
        VoiceImportOptions? options,
        IProgress<VoiceImportProgress>? progress,
        CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                var measurement = Instruments.Import.Begin();
                try
                {
                    var message = Run(open, options, progress, import => import.Make(), cancellationToken);
                    measurement.Succeed(message.Duration);
                    return message;
                }
                catch (Exception exception)
                {
                    measurement.Fail(exception);
                    throw;
                }
            },
            cancellationToken);

    private T Run<T>(
        Func<ImportSource> open,
        VoiceImportOptions? options,
        IProgress<VoiceImportProgress>? progress,
        Func<VoiceImport, T> work,
        CancellationToken cancellationToken)
    {
        try
        {
            using var source = open();
            var content = ImportContent.Identify(source, _codec, _decoder, cancellationToken);
            return work(new VoiceImport(source, content, _codec, options ?? _options, progress, cancellationToken));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Failed?.Invoke(this, exception);
            throw;
        }
    }

    private static void CheckReadable(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead)
            throw new ArgumentException("The stream cannot be read.", nameof(stream));
    }
}
