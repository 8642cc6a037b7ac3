namespace VoiceKit.Storage;

/// <summary>
/// Keeps voice messages. <see cref="VoiceMessageStore"/> keeps them in a folder; an app may put its own class in its place: a
/// database, a server, a list in memory for its tests.
/// </summary>
public interface IVoiceMessageStore : IDisposable
{
    /// <summary>
    /// Raised on another thread when messages were added, changed or deleted, by whomever. One event may stand for many changes,
    /// and <see cref="ListAsync"/> shows what they are.
    /// </summary>
    event EventHandler? Changed;

    /// <summary>Adds a message. Its audio stays as it is, bit for bit.</summary>
    /// <param name="message">The message.</param>
    /// <param name="info">What is known of it; null for one that is sent now.</param>
    /// <param name="cancellationToken">Ends the work; nothing has changed then.</param>
    /// <returns>The message in the store.</returns>
    /// <exception cref="ArgumentException">A value in the info is not valid, or the message is too large.</exception>
    /// <exception cref="InvalidOperationException">There is a message of that id.</exception>
    /// <exception cref="VoiceFormatException">The message's tags cannot be changed.</exception>
    /// <exception cref="IOException">The message could not be read or written.</exception>
    Task<StoredVoiceMessage> AddAsync(
        VoiceMessage message, VoiceMessageInfo? info = null, CancellationToken cancellationToken = default);

    /// <summary>Lists messages, the newest first. They are read a page at a time, as the loop goes on.</summary>
    /// <param name="query">Which ones; null for all.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="IOException">The messages could not be read; thrown while the loop goes on.</exception>
    IAsyncEnumerable<StoredVoiceMessage> ListAsync(
        VoiceMessageQuery? query = null, CancellationToken cancellationToken = default);

    /// <summary>Finds a message; null when there is none of that id.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="IOException">The message could not be read.</exception>
    Task<StoredVoiceMessage?> GetAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Opens a message to play or send it; null when there is none of that id.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="VoiceFormatException">The message is damaged.</exception>
    /// <exception cref="IOException">The message could not be read.</exception>
    Task<VoiceMessage?> OpenAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Deletes a message for good.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the work before the deletion.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="IOException">The message could not be deleted.</exception>
    Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Notes in a message whether it was listened to.</summary>
    /// <param name="id">The id.</param>
    /// <param name="isPlayed">Whether it was.</param>
    /// <param name="cancellationToken">Ends the work; nothing has changed then.</param>
    /// <returns>The message; null when there is none of that id.</returns>
    /// <exception cref="VoiceFormatException">The tags of the file cannot be changed.</exception>
    /// <exception cref="IOException">The message could not be written.</exception>
    Task<StoredVoiceMessage?> MarkPlayedAsync(string id, bool isPlayed = true, CancellationToken cancellationToken = default);

    /// <summary>
    /// Forwards a message: adds one that is sent, with the same audio, bit for bit, a new id, the time now, no sender and one
    /// more in its count.
    /// </summary>
    /// <param name="id">The id.</param>
    /// <param name="conversation">The conversation that it is forwarded to; null when that is not said.</param>
    /// <param name="cancellationToken">Ends the work; nothing has changed then.</param>
    /// <returns>The new message; null when there is none of that id.</returns>
    /// <exception cref="ArgumentException">The conversation has more than 1024 characters.</exception>
    /// <exception cref="VoiceFormatException">The tags of the file cannot be changed.</exception>
    /// <exception cref="IOException">A message could not be read or written, or is larger than the store takes.</exception>
    Task<StoredVoiceMessage?> ForwardAsync(string id, string? conversation = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes all messages into a zip file, as they are, with a manifest of their hashes. To go on with a backup that was cut
    /// off, hand in the same stream again, which must be readable. What is whole in it and has not changed since stays.
    /// </summary>
    /// <param name="output">Takes the zip file; stays open. One that can seek is written from its start.</param>
    /// <param name="earlier">
    /// An earlier backup, or the <c>manifest.json</c> out of it: what it names and has not changed since is not written again,
    /// and is restored from there. Must be able to seek; stays open. Null for a backup of everything.
    /// </param>
    /// <param name="progress">Told after each file.</param>
    /// <param name="cancellationToken">Ends the work; what is in the stream then can be gone on with.</param>
    /// <exception cref="VoiceFormatException">The earlier backup has no manifest that can be read.</exception>
    /// <exception cref="NotSupportedException">The earlier backup cannot seek.</exception>
    /// <exception cref="IOException">The messages could not be read or the stream not be written.</exception>
    Task<VoiceBackupReport> BackupAsync(
        Stream output,
        Stream? earlier = null,
        IProgress<VoiceStoreProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Adds the messages of a backup that the store has not. Each is checked before it is written: name, size, hash, and that it
    /// is a message. Done again, it changes nothing. An incremental backup is restored after the one that it builds on.
    /// </summary>
    /// <param name="backup">The zip file; must be able to seek; stays open.</param>
    /// <param name="progress">Told after each file.</param>
    /// <param name="cancellationToken">Ends the work; messages that were restored by then stay.</param>
    /// <returns>What was restored, and what is wrong with the backup.</returns>
    /// <exception cref="VoiceFormatException">The stream is no zip file, or has no manifest that can be read.</exception>
    /// <exception cref="NotSupportedException">The stream cannot seek.</exception>
    /// <exception cref="IOException">The backup could not be read or the store not be written.</exception>
    Task<VoiceRestoreReport> RestoreAsync(
        Stream backup, IProgress<VoiceStoreProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Reads all messages to their ends and lists what is wrong.</summary>
    /// <param name="progress">Told after each file.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The faults; none when all is well.</returns>
    /// <exception cref="IOException">The messages could not be read.</exception>
    Task<IReadOnlyList<VoiceStoreFault>> VerifyAsync(
        IProgress<VoiceStoreProgress>? progress = null, CancellationToken cancellationToken = default);
}
