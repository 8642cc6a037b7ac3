using VoiceKit.IO;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Storage;

/// <summary>Writes messages of any store to files for others.</summary>
public static class VoiceMessageStoreExport
{
    /// <summary>
    /// Copies a message to a file of any name, for others: the audio as it is, bit for bit, without what the store keeps in its
    /// tags (<see cref="VoiceStoreTagNames"/>). The file appears whole or not at all.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The id.</param>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="cancellationToken">Ends the work; nothing has changed then.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="VoiceFormatException">The message is damaged.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public static async Task<bool> ExportAsync(
        this IVoiceMessageStore store, string id, string path, CancellationToken cancellationToken = default)
    {
        Check(store, path);
        if (await store.OpenAsync(id, cancellationToken).ConfigureAwait(false) is not { } message)
            return false;
        await Task.Run(() => Copy(message, path), cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Decodes a message into a 16-bit WAV file, which appears whole or not at all.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The id.</param>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="decoder">Makes the decoder; null for the managed one.</param>
    /// <param name="cancellationToken">Ends the work; nothing has changed then.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="OpusCodecException">The codec cannot be loaded.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public static async Task<bool> ExportWavAsync(
        this IVoiceMessageStore store,
        string id,
        string path,
        IOpusDecoderFactory? decoder = null,
        CancellationToken cancellationToken = default)
    {
        Check(store, path);
        if (await store.OpenAsync(id, cancellationToken).ConfigureAwait(false) is not { } message)
            return false;
        await message.SaveWavAsync(path, decoder, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Has a message written in another format, into a file that appears whole or not at all.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The id.</param>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="decoder">Makes the decoder; null for the managed one.</param>
    /// <param name="exporter">Writes the format; its exceptions pass through.</param>
    /// <param name="cancellationToken">Ends the work; nothing has changed then.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="OpusCodecException">The codec cannot be loaded.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public static async Task<bool> ExportAsync(
        this IVoiceMessageStore store,
        string id,
        string path,
        IOpusDecoderFactory? decoder,
        IVoiceMessageExporter exporter,
        CancellationToken cancellationToken = default)
    {
        Check(store, path);
        ArgumentNullException.ThrowIfNull(exporter);
        if (await store.GetAsync(id, cancellationToken).ConfigureAwait(false) is not { } stored
            || await store.OpenAsync(id, cancellationToken).ConfigureAwait(false) is not { } message)
        {
            return false;
        }

        var file = new AtomicFile(path);
        await using var _ = file.ConfigureAwait(false);
        using var audio = message.OpenAudio(decoder);
        await exporter.ExportAsync(stored, audio, file.Stream, cancellationToken).ConfigureAwait(false);
        await file.CommitAsync().ConfigureAwait(false);
        return true;
    }

    private static void Check(IVoiceMessageStore store, string path)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrEmpty(path);
    }

    private static void Copy(VoiceMessage message, string path)
    {
        using var input = message.OpenRead();
        using var file = new AtomicFile(path);
        OggOpusTagEdit.Copy(input, file.Stream, StoreTags.Strip);
        file.Commit();
    }
}
