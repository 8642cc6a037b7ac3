using VoiceKit.IO;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Storage;

public sealed partial class VoiceMessageStore
{
    /// <summary>
    /// Copies a message to a file of any name, for others: the audio as it is, bit for bit, without what the store keeps in its tags
    /// (<see cref="VoiceStoreTagNames"/>). The file appears whole or not at all.
    /// </summary>
    /// <param name="id">The id.</param>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="cancellationToken">Ends the work; nothing has changed then.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="IOException">The file could not be written.</exception>
    public async Task<bool> ExportAsync(string id, string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (await GetAsync(id, cancellationToken).ConfigureAwait(false) is not { } message)
            return false;
        return await Run(() => Copy(message, path), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Decodes a message into a 16-bit WAV file, which appears whole or not at all.</summary>
    /// <param name="id">The id.</param>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="codec">Makes the decoder.</param>
    /// <param name="cancellationToken">Ends the work; nothing has changed then.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="OpusCodecException">The codec cannot be loaded.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public async Task<bool> ExportWavAsync(string id, string path, IOpusCodec codec, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(codec);
        if (await OpenAsync(id, cancellationToken).ConfigureAwait(false) is not { } message)
            return false;
        await WatchAsync(() => message.SaveWavAsync(path, codec, cancellationToken)).ConfigureAwait(false);
        return true;
    }

    /// <summary>Has a message written in another format, into a file that appears whole or not at all.</summary>
    /// <param name="id">The id.</param>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="codec">Makes the decoder.</param>
    /// <param name="exporter">Writes the format; its exceptions pass through.</param>
    /// <param name="cancellationToken">Ends the work; nothing has changed then.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="OpusCodecException">The codec cannot be loaded.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public async Task<bool> ExportAsync(
        string id, string path, IOpusCodec codec, IVoiceMessageExporter exporter, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(codec);
        ArgumentNullException.ThrowIfNull(exporter);
        if (await GetAsync(id, cancellationToken).ConfigureAwait(false) is not { } stored
            || await OpenAsync(id, cancellationToken).ConfigureAwait(false) is not { } message)
        {
            return false;
        }

        await WatchAsync(WriteAsync).ConfigureAwait(false);
        return true;

        async Task WriteAsync()
        {
            var file = new AtomicFile(path);
            await using var _ = file.ConfigureAwait(false);
            using var audio = message.OpenAudio(codec);
            await exporter.ExportAsync(stored, audio, file.Stream, cancellationToken).ConfigureAwait(false);
            file.Commit();
        }
    }

    private static bool Copy(StoredVoiceMessage message, string path)
    {
        using var input = StoreFile.OpenStream(message.Path);
        using var file = new AtomicFile(path);
        OggOpusTagEditor.Copy(input, file.Stream, StoreTags.Strip);
        file.Commit();
        return true;
    }
}
