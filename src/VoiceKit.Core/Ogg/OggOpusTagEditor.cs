using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>
/// Reads and changes the OpusTags of Ogg Opus files (RFC 7845 §5.2) without touching the audio: packets, granule positions,
/// serial numbers and flags stay as they are, those of other logical streams and of bytes that are damaged included.
/// </summary>
/// <remarks>In a chained file (RFC 7845 §9) it reads and changes the tags of the first link.</remarks>
public static class OggOpusTagEditor
{
    /// <summary>Reads the tags of a file, and no more of it.</summary>
    /// <param name="path">An Ogg Opus file.</param>
    /// <returns>The tags, as far as they can be read.</returns>
    /// <exception cref="VoiceFormatException">There are no tags, or none that can be edited.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static OpusTags Read(string path) => OggOpusTagEdit.Read(path);

    /// <summary>Reads the tags of a file, and no more of it, on another thread.</summary>
    /// <param name="path">An Ogg Opus file.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The tags, as far as they can be read.</returns>
    /// <exception cref="VoiceFormatException">There are no tags, or none that can be edited.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static Task<OpusTags> ReadAsync(string path, CancellationToken cancellationToken = default) =>
        OggOpusTagEdit.ReadAsync(path, null, cancellationToken);

    /// <summary>
    /// Changes the tags of a file. Tags that fit where the old ones are, with padding, are written over them in one write; others
    /// make the file be written anew beside it and renamed, with padding for later edits.
    /// </summary>
    /// <remarks>
    /// A file that is written anew changes as a whole or not at all. An edit in place that is cut off by a failing machine may
    /// leave tags that readers skip; the audio behind them is never written.
    /// </remarks>
    /// <param name="path">An Ogg Opus file; a symbolic link is followed.</param>
    /// <param name="change">Makes the new tags of the old. The same object back leaves the file as it is.</param>
    /// <returns>The tags as they are now.</returns>
    /// <exception cref="VoiceFormatException">There are no tags, or none that can be edited; the file is as it was.</exception>
    /// <exception cref="IOException">The file could not be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder cannot be written.</exception>
    /// <exception cref="InvalidOperationException">The change gives null.</exception>
    public static OpusTags Edit(string path, Func<OpusTags, OpusTags> change) => OggOpusTagEdit.Edit(path, change).After;

    /// <summary>
    /// Changes the tags of a file on another thread, as <see cref="Edit(string, Func{OpusTags, OpusTags})"/> does.
    /// </summary>
    /// <param name="path">An Ogg Opus file; a symbolic link is followed.</param>
    /// <param name="change">Makes the new tags of the old, on that thread. The same object back leaves the file as it is.</param>
    /// <param name="cancellationToken">
    /// Ends the work and leaves the file as it was; tags that are being written in place by then are written whole.
    /// </param>
    /// <returns>The tags as they are now.</returns>
    /// <exception cref="VoiceFormatException">There are no tags, or none that can be edited; the file is as it was.</exception>
    /// <exception cref="IOException">The file could not be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder cannot be written.</exception>
    /// <exception cref="InvalidOperationException">The change gives null.</exception>
    public static async Task<OpusTags> EditAsync(
        string path, Func<OpusTags, OpusTags> change, CancellationToken cancellationToken = default)
    {
        var result = await OggOpusTagEdit.EditAsync(path, change, null, cancellationToken).ConfigureAwait(false);
        return result.After;
    }

    /// <summary>Copies Ogg Opus with other tags. What was written before an exception is no whole file.</summary>
    /// <param name="input">Ogg Opus from where the stream stands; read to its end, forward only, and left open.</param>
    /// <param name="output">Where it goes; left open.</param>
    /// <param name="change">Makes the new tags of the old.</param>
    /// <returns>The tags of the copy.</returns>
    /// <exception cref="VoiceFormatException">There are no tags, or none that can be edited.</exception>
    /// <exception cref="IOException">A stream could not be read or written.</exception>
    /// <exception cref="InvalidOperationException">The change gives null.</exception>
    public static OpusTags Copy(Stream input, Stream output, Func<OpusTags, OpusTags> change) =>
        OggOpusTagEdit.Copy(input, output, change).After;

    /// <summary>
    /// Copies Ogg Opus with other tags, as <see cref="Copy(Stream, Stream, Func{OpusTags, OpusTags})"/> does. Never blocks on the
    /// streams.
    /// </summary>
    /// <param name="input">Ogg Opus from where the stream stands; read to its end, forward only, and left open.</param>
    /// <param name="output">Where it goes; left open.</param>
    /// <param name="change">Makes the new tags of the old.</param>
    /// <param name="cancellationToken">Ends the work; what was written by then is no whole file.</param>
    /// <returns>The tags of the copy.</returns>
    /// <exception cref="VoiceFormatException">There are no tags, or none that can be edited.</exception>
    /// <exception cref="IOException">A stream could not be read or written.</exception>
    /// <exception cref="InvalidOperationException">The change gives null.</exception>
    public static async Task<OpusTags> CopyAsync(
        Stream input, Stream output, Func<OpusTags, OpusTags> change, CancellationToken cancellationToken = default)
    {
        var result = await OggOpusTagEdit.CopyAsync(input, output, change, null, cancellationToken).ConfigureAwait(false);
        return result.After;
    }
}
