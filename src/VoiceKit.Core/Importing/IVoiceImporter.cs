namespace VoiceKit.Importing;

/// <summary>
/// Makes voice messages of what was recorded elsewhere. <see cref="VoiceImporter"/> does so in this process; an app may put its
/// own class in its place.
/// </summary>
public interface IVoiceImporter
{
    /// <summary>Makes a message of a file.</summary>
    /// <param name="path">The file; must not change meanwhile.</param>
    /// <param name="options">How; null for the importer's own.</param>
    /// <param name="progress">Told how far each phase is, from time to time and at its end.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The message, in memory.</returns>
    /// <exception cref="VoiceFormatException">
    /// There is no audio in it that can be used, and the message names what it is; or it is longer than the options allow.
    /// </exception>
    /// <exception cref="VoiceKitException">The decoder is not there, or has failed.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<VoiceMessage> ImportAsync(
        string path,
        VoiceImportOptions? options = null,
        IProgress<VoiceImportProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>Makes a message of what a stream holds.</summary>
    /// <param name="stream">The bytes, from where the stream stands to its end; read asynchronously only; stays open.</param>
    /// <param name="options">How; null for the importer's own.</param>
    /// <param name="progress">Told how far each phase is, from time to time and at its end.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The message, in memory.</returns>
    /// <exception cref="VoiceFormatException">
    /// There is no audio in it that can be used, and the message names what it is; or it is larger or longer than the options
    /// allow.
    /// </exception>
    /// <exception cref="VoiceKitException">The decoder is not there, or has failed.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<VoiceMessage> ImportAsync(
        Stream stream,
        VoiceImportOptions? options = null,
        IProgress<VoiceImportProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>Says what importing a file would do and make, without writing anything.</summary>
    /// <param name="path">The file; must not change meanwhile.</param>
    /// <param name="options">How; null for the importer's own.</param>
    /// <param name="progress">Told how far the work is, from time to time and at its end.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="VoiceFormatException">
    /// There is no audio in it that can be used, and the message names what it is.
    /// </exception>
    /// <exception cref="VoiceKitException">The decoder is not there, or has failed.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<VoiceImportPreview> PreviewAsync(
        string path,
        VoiceImportOptions? options = null,
        IProgress<VoiceImportProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Says what importing a stream would do and make. A stream that can seek is left where it stood, also when this fails.
    /// </summary>
    /// <param name="stream">The bytes, from where the stream stands to its end; read asynchronously only; stays open.</param>
    /// <param name="options">How; null for the importer's own.</param>
    /// <param name="progress">Told how far the work is, from time to time and at its end.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="VoiceFormatException">
    /// There is no audio in it that can be used, and the message names what it is; or it is too large.
    /// </exception>
    /// <exception cref="VoiceKitException">The decoder is not there, or has failed.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<VoiceImportPreview> PreviewAsync(
        Stream stream,
        VoiceImportOptions? options = null,
        IProgress<VoiceImportProgress>? progress = null,
        CancellationToken cancellationToken = default);
}
