using System.Buffers.Binary;
using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>
/// Reads and changes the OpusTags of Ogg Opus files (RFC 7845 §5.2) without touching the audio: packets, granule positions,
/// serial numbers and flags stay as they are, those of other logical streams and of bytes that are damaged included.
/// </summary>
internal static class OggOpusTagEdit
{
    // Pages of other streams may stand between those of the tags; the more of them there are, the less is one write of all.
    private const int MaxInterleaved = 1024 * 1024;

    /// <summary>Reads the tags of a file, and no more of it.</summary>
    /// <param name="path">An Ogg Opus file.</param>
    /// <param name="options">Which link's tags; null for the first's.</param>
    /// <returns>The tags, as far as they can be read.</returns>
    /// <exception cref="VoiceFormatException">There are no tags, or none that can be edited.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static OpusTags Read(string path, OggOpusTagEditOptions? options = null) =>
        Read(path, options, CancellationToken.None);

    /// <summary>Reads the tags of a file, and no more of it, on another thread.</summary>
    /// <param name="path">An Ogg Opus file.</param>
    /// <param name="options">Which link's tags; null for the first's.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The tags, as far as they can be read.</returns>
    /// <exception cref="VoiceFormatException">There are no tags, or none that can be edited.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static Task<OpusTags> ReadAsync(
        string path, OggOpusTagEditOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Read(path, options, cancellationToken), cancellationToken);

    /// <summary>
    /// Changes the tags of a file. Tags that fit where the old ones are, with padding, are written over them in one write; others
    /// make the file be written anew beside it and renamed, with padding for later edits.
    /// </summary>
    /// <remarks>
    /// A file that is written anew changes as a whole or not at all (<see cref="AtomicFile"/>). An edit in place that is cut off
    /// by a failing machine may leave tags that readers skip; the audio behind them is never written. To rule that out, see
    /// <see cref="OggOpusTagEditOptions.AllowInPlace"/>.
    /// </remarks>
    /// <param name="path">An Ogg Opus file; a symbolic link is followed.</param>
    /// <param name="change">Makes the new tags of the old. The same object back leaves the file as it is.</param>
    /// <param name="options">How to edit; null for the defaults.</param>
    /// <exception cref="VoiceFormatException">There are no tags, or none that can be edited; the file is as it was.</exception>
    /// <exception cref="IOException">The file could not be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder cannot be written.</exception>
    /// <exception cref="InvalidOperationException">The change gives null.</exception>
    public static OggOpusTagEditResult Edit(
        string path, Func<OpusTags, OpusTags> change, OggOpusTagEditOptions? options = null) =>
        Edit(path, change, options, CancellationToken.None);

    /// <summary>
    /// Changes the tags of a file on another thread, as
    /// <see cref="Edit(string, Func{OpusTags, OpusTags}, OggOpusTagEditOptions?)"/> does.
    /// </summary>
    /// <param name="path">An Ogg Opus file; a symbolic link is followed.</param>
    /// <param name="change">Makes the new tags of the old, on that thread. The same object back leaves the file as it is.</param>
    /// <param name="options">How to edit; null for the defaults.</param>
    /// <param name="cancellationToken">
    /// Ends the work and leaves the file as it was; tags that are being written in place by then are written whole.
    /// </param>
    /// <exception cref="VoiceFormatException">There are no tags, or none that can be edited; the file is as it was.</exception>
    /// <exception cref="IOException">The file could not be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder cannot be written.</exception>
    /// <exception cref="InvalidOperationException">The change gives null.</exception>
    public static Task<OggOpusTagEditResult> EditAsync(
        string path,
        Func<OpusTags, OpusTags> change,
        OggOpusTagEditOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(change);
        return Task.Run(() => Edit(path, change, options, cancellationToken), cancellationToken);
    }

    /// <summary>Copies Ogg Opus with other tags. What was written before an exception is no whole file.</summary>
    /// <param name="input">Ogg Opus from where the stream stands; read to its end, forward only, and left open.</param>
    /// <param name="output">Where it goes; left open.</param>
    /// <param name="change">Makes the new tags of the old.</param>
    /// <param name="options">How to edit; null for the defaults.</param>
    /// <returns>The tags; the outcome is always <see cref="OggOpusTagEditOutcome.Rewritten"/>.</returns>
    /// <exception cref="VoiceFormatException">There are no tags, or none that can be edited.</exception>
    /// <exception cref="IOException">A stream could not be read or written.</exception>
    /// <exception cref="InvalidOperationException">The change gives null.</exception>
    public static OggOpusTagEditResult Copy(
        Stream input, Stream output, Func<OpusTags, OpusTags> change, OggOpusTagEditOptions? options = null) =>
        SyncCompletion.Complete(Copy(input, output, change, options, isAsync: false, CancellationToken.None));

    /// <summary>
    /// Copies Ogg Opus with other tags, as
    /// <see cref="Copy(Stream, Stream, Func{OpusTags, OpusTags}, OggOpusTagEditOptions?)"/> does. Never blocks on the streams.
    /// </summary>
    /// <param name="input">Ogg Opus from where the stream stands; read to its end, forward only, and left open.</param>
    /// <param name="output">Where it goes; left open.</param>
    /// <param name="change">Makes the new tags of the old.</param>
    /// <param name="options">How to edit; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work; what was written by then is no whole file.</param>
    /// <returns>The tags; the outcome is always <see cref="OggOpusTagEditOutcome.Rewritten"/>.</returns>
    /// <exception cref="VoiceFormatException">There are no tags, or none that can be edited.</exception>
    /// <exception cref="IOException">A stream could not be read or written.</exception>
    /// <exception cref="InvalidOperationException">The change gives null.</exception>
    public static Task<OggOpusTagEditResult> CopyAsync(
        Stream input,
        Stream output,
        Func<OpusTags, OpusTags> change,
        OggOpusTagEditOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Copy(input, output, change, options, isAsync: true, cancellationToken).AsTask();

    private static OpusTags Read(string path, OggOpusTagEditOptions? options, CancellationToken cancellationToken)
    {
        using var file = Open(path, FileAccess.Read);
        using var reader = new OggOpusTagCopier(
            file, null, options ?? new OggOpusTagEditOptions(), isAsync: false, cancellationToken);
        return SyncCompletion.Complete(reader.ReadTags());
    }

    private static OggOpusTagEditResult Edit(
        string path, Func<OpusTags, OpusTags> change, OggOpusTagEditOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        options ??= new OggOpusTagEditOptions();
        OpusTags before, after;
        using (var file = Open(path, FileAccess.ReadWrite))
        {
            using var reader = new OggOpusTagCopier(file, null, options, isAsync: false, cancellationToken);
            before = SyncCompletion.Complete(reader.ReadTags());
            after = Apply(change, before);
            cancellationToken.ThrowIfCancellationRequested();
            if (ReferenceEquals(before, after))
                return new OggOpusTagEditResult(OggOpusTagEditOutcome.Unchanged, before, after, reader.Defects);
            if (FitIn(reader.Finder, after, options) is { } packet)
            {
                var outcome = WriteInPlace(file, reader.Finder, packet);
                return new OggOpusTagEditResult(outcome, before, after, reader.Defects);
            }
        }

        return Rewrite(path, before, after, options, cancellationToken);
    }

    private static async ValueTask<OggOpusTagEditResult> Copy(
        Stream input,
        Stream output,
        Func<OpusTags, OpusTags> change,
        OggOpusTagEditOptions? options,
        bool isAsync,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(change);
        using var copier = new OggOpusTagCopier(
            input, output, options ?? new OggOpusTagEditOptions(), isAsync, cancellationToken);
        var before = await copier.ReadTags().ConfigureAwait(false);
        var after = Apply(change, before);
        await copier.WriteTagsAndRest(after).ConfigureAwait(false);
        return new OggOpusTagEditResult(OggOpusTagEditOutcome.Rewritten, before, after, copier.Defects);
    }

    private static OggOpusTagEditResult Rewrite(
        string path, OpusTags before, OpusTags after, OggOpusTagEditOptions options, CancellationToken cancellationToken)
    {
        using var target = new AtomicFile(path);
        OggOpusTagEditResult result;
        using (var source = Open(path, FileAccess.Read))
            result = SyncCompletion.Complete(Copy(source, target.Stream, _ => after, options, isAsync: false, cancellationToken));
        target.Commit();
        return new OggOpusTagEditResult(result.Outcome, before, after, result.Defects);
    }

    private static FileStream Open(string path, FileAccess access)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);

        // Two who write the same tags in place would spoil them; whoever reads, plays or deletes the file is not in the way.
        var share = access == FileAccess.Read ? FileShare.ReadWrite : FileShare.Read;
        return new FileStream(path, FileMode.Open, access, share | FileShare.Delete, bufferSize: 0);
    }

    private static OpusTags Apply(Func<OpusTags, OpusTags> change, OpusTags before) =>
        change(before) ?? throw new InvalidOperationException("The change has given no tags.");

    // The packet in the size of the old one, or null when it cannot have it.
    private static byte[]? FitIn(OggOpusTagFinder finder, OpusTags tags, OggOpusTagEditOptions options)
    {
        var packet = tags.ToPacket();
        var padding = finder.Packet.Length - packet.Length;
        var first = finder.Pages[0];
        var last = finder.Pages[^1];
        var isFit = options.AllowInPlace
            && padding >= 0
            && padding <= (tags.BinaryData.IsEmpty ? options.MaxPadding : 0)
            && last.Offset + last.Size - first.Offset <= MaxInterleaved + 2L * finder.Packet.Length;
        if (isFit)
            Array.Resize(ref packet, finder.Packet.Length);
        return isFit ? packet : null;
    }

    private static OggOpusTagEditOutcome WriteInPlace(FileStream file, OggOpusTagFinder finder, ReadOnlySpan<byte> packet)
    {
        if (packet.SequenceEqual(finder.Packet))
            return OggOpusTagEditOutcome.Unchanged;

        var start = finder.Pages[0].Offset;
        var bytes = new byte[finder.Pages[^1].Offset + finder.Pages[^1].Size - start];
        file.Position = start;
        file.ReadExactly(bytes);
        foreach (var place in finder.Pages)
        {
            var page = bytes.AsSpan((int)(place.Offset - start), place.Size);
            packet[..place.PieceSize].CopyTo(page[place.PieceAt..]);
            packet = packet[place.PieceSize..];
            BinaryPrimitives.WriteUInt32LittleEndian(page[OggPage.ChecksumAt..], OggPage.ComputeChecksum(page));
        }

        file.Position = start;
        file.Write(bytes);
        DiskFlush.File(file);
        return OggOpusTagEditOutcome.InPlace;
    }
}
