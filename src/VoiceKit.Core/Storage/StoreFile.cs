using System.Buffers;
using Microsoft.Win32.SafeHandles;
using VoiceKit.IO;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Storage;

/// <summary>
/// Reads what a store asks of many files: the headers from the first bytes, the length from the last. Files that are not as
/// nearly all are (large tags or pages, other streams beside it, links, damage) go the long way.
/// </summary>
internal static class StoreFile
{
    private const int TagsReadSize = 4 * 1024;
    private const int ReadSize = 16 * 1024;

    /// <summary>Reads the tags of a file.</summary>
    /// <exception cref="VoiceFormatException">The bytes are no Ogg Opus.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static OpusTags ReadTags(string path)
    {
        using (var file = Open(path))
        {
            Span<byte> bytes = stackalloc byte[TagsReadSize];
            if (TryReadHeaders(bytes[..RandomAccess.Read(file, bytes, 0)], out _, out _, out _) is { } tags)
                return tags;
        }

        return OggOpusTagEdit.Read(path);
    }

    /// <summary>Reads a message, its length included.</summary>
    /// <exception cref="VoiceFormatException">The bytes are no Ogg Opus.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static StoredVoiceMessage ReadMessage(string path, VoiceMessageDirection direction)
    {
        using (var file = Open(path))
        {
            var size = RandomAccess.GetLength(file);
            if (TryRead(file, size, out var duration) is { } tags)
                return Describe(ReadOwn(tags, path, direction), path, size, duration);
        }

        using var stream = OpenStream(path);
        var outline = OggOpusOutline.Read(stream);
        return Describe(ReadOwn(outline.Tags, path, direction), path, stream.Length, outline.Duration);
    }

    /// <summary>The id that bytes have as a file of this name; null when they are no message.</summary>
    public static string? TryReadId(byte[] bytes, VoiceMessageDirection direction, string name)
    {
        try
        {
            return StoreTags.ReadId(OggOpusOutline.Read(new ReadOnlyMemoryStream(bytes)).Tags, direction, name);
        }
        catch (VoiceFormatException)
        {
            return null;
        }
    }

    /// <summary>
    /// Reads what the index keeps of a file. One that the system fails to read may be a message, and is taken for one.
    /// </summary>
    /// <param name="folder">The store.</param>
    /// <param name="file">The file as its folder shows it.</param>
    /// <exception cref="IOException">No file can be opened any more, which says nothing of this one.</exception>
    public static IndexEntry ReadEntry(StoreFolder folder, IndexEntry file)
    {
        try
        {
            return TryReadEntry(folder, file) ?? ReadEntryFromTags(folder, file);
        }
        catch (Exception exception) when (IsFault(exception) && !HasNoHandles(exception))
        {
            return file with
            {
                Id = StoreTags.DeriveId(file.Direction, file.Name),
                Time = new DateTimeOffset(file.Modified, TimeSpan.Zero).ToUnixTimeMilliseconds(),
                IsMessage = true,
                IsUnread = true,
            };
        }
        catch (Exception exception) when (IsUnreadable(exception) && !HasNoHandles(exception))
        {
            return file;
        }
    }

    private static IndexEntry? TryReadEntry(StoreFolder folder, IndexEntry file)
    {
        Span<byte> bytes = stackalloc byte[TagsReadSize];
        var count = folder.TryReadStart(file.Direction, file.Name, bytes);
        return count > 0 && TryFindTags(bytes[..count], out _, out _, out _, out var packet)
            ? IndexEntryReader.TryRead(packet, file)
            : null;
    }

    private static IndexEntry ReadEntryFromTags(StoreFolder folder, IndexEntry file)
    {
        var tags = ReadTags(folder.PathOf(file.Direction, file.Name));
        return StoreTags.Read(
            tags, file.Direction, file.Name, () => new DateTimeOffset(file.Modified, TimeSpan.Zero)).ToEntry(file);
    }

    /// <summary>What the index knows of a message that cannot be read.</summary>
    public static StoredVoiceMessage DescribeUnread(IndexEntry entry, string path) => new()
    {
        Id = entry.Id,
        Path = path,
        Direction = entry.Direction,
        Time = DateTimeOffset.FromUnixTimeMilliseconds(entry.Time),
        Duration = TimeSpan.Zero,
        Size = entry.Size,
        ForwardedCount = entry.IsForwarded ? 1 : 0,
        IsPlayed = entry.IsPlayed,
        IsReadable = false,
    };

    public static StoredVoiceMessage Describe(StoreTags tags, string path, long size, TimeSpan duration) => new()
    {
        Id = tags.Id,
        Path = path,
        Direction = tags.Direction,
        Sender = tags.Sender,
        Conversation = tags.Conversation,
        Time = tags.Time,
        Duration = duration,
        Size = size,
        ForwardedCount = tags.ForwardedCount,
        IsPlayed = tags.IsPlayed,
        Bars = tags.Bars,
    };

    /// <summary>When a file was last written.</summary>
    public static DateTimeOffset ModifiedAt(string path) => new(File.GetLastWriteTimeUtc(path));

    /// <summary>Opens a file that others may delete, rename or replace meanwhile.</summary>
    public static FileStream OpenStream(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <summary>Whether an exception says that a file is not there, may not be read or is no message.</summary>
    public static bool IsUnreadable(Exception exception) =>
        exception is VoiceFormatException or IOException or UnauthorizedAccessException;

    /// <summary>Whether an exception says that the system has failed to read a file, which may be whole.</summary>
    public static bool IsFault(Exception exception) =>
        exception is UnauthorizedAccessException
            or (IOException and not (FileNotFoundException or DirectoryNotFoundException or EndOfStreamException));

    /// <summary>
    /// Whether an exception says that no file can be opened any more, which says nothing of the one that was tried.
    /// </summary>
    public static bool HasNoHandles(Exception exception)
    {
        const int OfSystem = 23; // ENFILE and EMFILE on Linux, macOS and BSD.
        const int OfProcess = 24;
        const int OnWindows = unchecked((int)0x80070004);
        return exception is IOException
            && (OperatingSystem.IsWindows() ? exception.HResult == OnWindows : exception.HResult is OfSystem or OfProcess);
    }

    private static StoreTags ReadOwn(OpusTags tags, string path, VoiceMessageDirection direction) =>
        StoreTags.Read(tags, direction, Path.GetFileName(path), () => ModifiedAt(path));

    /// <inheritdoc cref="OpenStream"/>
    public static SafeFileHandle Open(string path) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    private static OpusTags? TryRead(SafeFileHandle file, long size, out TimeSpan duration)
    {
        duration = default;
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            var start = buffer.AsSpan(0, RandomAccess.Read(file, buffer.AsSpan(0, ReadSize), 0));
            if (TryReadHeaders(start, out var head, out var serial, out var audioAt) is not { } tags
                || !BeginsAtZero(start[audioAt..], head, serial))
            {
                return null;
            }

            // The last bytes are read over the first, unless those are all.
            var end = start;
            if (start.Length < size)
                end = buffer.AsSpan(0, RandomAccess.Read(file, buffer.AsSpan(0, ReadSize), Math.Max(0, size - ReadSize)));
            var isKnown = TryFindEnd(end, serial, out var granule) && granule >= head.PreSkip;
            duration = isKnown ? OpusRates.ToTime(granule - head.PreSkip) : default;
            return isKnown ? tags : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static OpusTags? TryReadHeaders(ReadOnlySpan<byte> bytes, out OpusHead head, out uint serial, out int audioAt)
    {
        head = null!;
        if (!TryFindTags(bytes, out var headPacket, out serial, out audioAt, out var packet))
            return null;
        head = OpusHead.Parse(headPacket);
        var tags = OpusTags.Parse(packet, out var fault);
        return fault is null ? tags : null;
    }

    // Two whole pages, the second one with all of the tags (RFC 7845 §3).
    private static bool TryFindTags(
        ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> head, out uint serial, out int audioAt, out ReadOnlySpan<byte> packet)
    {
        (serial, audioAt) = (0, 0);
        head = packet = default;
        if (!TryReadPage(bytes, out var headPage) || !headPage.HasOpusHead
            || !TryReadPage(bytes[headPage.Data.Length..], out var page))
            return false;
        head = headPage.Data[headPage.BodyAt..];
        packet = page.Data[page.BodyAt..];
        serial = page.Serial;
        audioAt = headPage.Data.Length + page.Data.Length;
        return page.Serial == headPage.Serial
            && !page.IsContinued
            && page.Lacing.IndexOfAnyExcept((byte)255) == page.Lacing.Length - 1
            && packet.StartsWith(OpusTags.Magic);
    }

    // A stream that begins later (RFC 7845 §4.5) is shorter than its last granule position says.
    private static bool BeginsAtZero(ReadOnlySpan<byte> bytes, OpusHead head, uint serial)
    {
        if (!TryReadPage(bytes, out var page) || page.Serial != serial || page.IsContinued)
            return false;
        var body = page.Data[page.BodyAt..];
        var (samples, size) = (0L, 0);
        foreach (var lace in page.Lacing)
        {
            size += lace;
            if (lace == 255)
                continue;
            if (OpusPacketLayout.ReadDuration(body[..size], head.StreamCount, out var duration) != OpusPacketFault.None)
                return false;
            samples += duration;
            body = body[size..];
            size = 0;
        }

        return page.IsLast ? page.Granule <= samples : page.Granule == samples;
    }

    private static bool TryFindEnd(ReadOnlySpan<byte> bytes, uint serial, out long granule)
    {
        granule = 0;
        var all = bytes;
        for (var at = bytes.LastIndexOf(OggPage.CapturePattern); at >= 0; at = bytes.LastIndexOf(OggPage.CapturePattern))
        {
            if (TryReadPage(all[at..], out var page) && page.Data.Length == all.Length - at)
            {
                granule = page.Granule;
                return page.Serial == serial && granule != OggPage.NoGranule;
            }

            bytes = bytes[..at];
        }

        return false;
    }

    private static bool TryReadPage(ReadOnlySpan<byte> bytes, out OggPage page)
    {
        page = default;
        return bytes.StartsWith(OggPage.CapturePattern) && OggPage.Read(bytes, out page) == OggPageStatus.Valid;
    }
}
