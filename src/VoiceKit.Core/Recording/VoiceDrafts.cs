using System.Globalization;
using VoiceKit.Editing;

namespace VoiceKit.Recording;

/// <summary>
/// The folder where recorders keep their drafts: what a crash, a dead battery or a full disk left is found here, and recovered.
/// Every draft is a file of Ogg Opus that other programs can play. Any number of processes may share a folder.
/// </summary>
public sealed class VoiceDrafts
{
    private const string Prefix = "draft-";
    private const string Extension = ".opus";
    private const string TimeFormat = "yyyyMMdd'T'HHmmssfff'Z'";

    private readonly TimeProvider _clock;

    /// <summary>Names a folder, which is made when the first draft is.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="clock">Tells the time; null for the system's clock.</param>
    public VoiceDrafts(string folder, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Folder = Path.GetFullPath(folder);
        _clock = clock ?? TimeProvider.System;
    }

    /// <summary>
    /// The drafts of this app, among the person's own application data:
    /// <c>[local application data]/[name of the app's assembly]/voice-drafts</c>.
    /// </summary>
    public static VoiceDrafts Default { get; } = new(Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        AppDomain.CurrentDomain.FriendlyName,
        "voice-drafts"));

    /// <summary>The folder's full path.</summary>
    public string Folder { get; }

    /// <summary>What stands between a draft and its file.</summary>
    internal Func<FileStream, Stream> Wrap { get; init; } = static file => file;

    /// <summary>Lists the drafts, the newest first; none when there is no such folder.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public IReadOnlyList<VoiceDraft> List()
    {
        var folder = new DirectoryInfo(Folder);
        if (!folder.Exists)
            return [];
        var drafts = new List<VoiceDraft>();
        foreach (var file in folder.EnumerateFiles(Prefix + "*" + Extension))
        {
            if (TryParseTime(file.Name) is { } startedAt && TryDescribe(file, startedAt) is { } draft)
                drafts.Add(draft);
        }

        return [.. drafts.OrderByDescending(draft => draft.StartedAt).ThenBy(draft => draft.Id, StringComparer.Ordinal)];
    }

    /// <summary>Gives the audio of a draft, up to the last page that reached the disk. The draft stays.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The message, in memory, conforming and with an end.</returns>
    /// <exception cref="VoiceFormatException">There is no audio in it: it ended before the first page.</exception>
    /// <exception cref="IOException">A recorder has the draft, or it cannot be read.</exception>
    public Task<VoiceMessage> RecoverAsync(VoiceDraft draft, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return Task.Run(
            () =>
            {
                using var input = new FileStream(PathOf(draft), FileMode.Open, FileAccess.Read, FileShare.Read);
                using var output = new MemoryStream();
                OpusEditor.Repair(input, output, null, cancellationToken);
                return VoiceMessage.FromBytes(output.ToArray());
            },
            cancellationToken);
    }

    /// <summary>Saves the audio of a draft, and deletes the draft once it is saved.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="path">The file; it appears whole or not at all, and an existing one is replaced.</param>
    /// <param name="cancellationToken">Ends the work; nothing has changed then.</param>
    /// <returns>The message in the file.</returns>
    /// <exception cref="VoiceFormatException">There is no audio in it: it ended before the first page.</exception>
    /// <exception cref="ArgumentException">The file is in the folder of the drafts itself.</exception>
    /// <exception cref="IOException">A recorder has the draft, or it cannot be read, or the file cannot be written.</exception>
    public async Task<VoiceMessage> RecoverToFileAsync(
        VoiceDraft draft, string path, CancellationToken cancellationToken = default)
    {
        RefuseOwnFolder(path);
        var message = await RecoverAsync(draft, cancellationToken).ConfigureAwait(false);
        await message.SaveAsync(path, cancellationToken).ConfigureAwait(false);
        Delete(draft);
        return await VoiceMessage.OpenAsync(path, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes a draft for good. Does nothing when it is gone already.</summary>
    /// <param name="draft">The draft.</param>
    /// <exception cref="IOException">A recorder has the draft, or it cannot be deleted.</exception>
    public void Delete(VoiceDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var path = PathOf(draft);
        if (!File.Exists(path))
            return;
        using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Delete))
            File.Delete(path);
    }

    /// <summary>Begins a draft.</summary>
    /// <exception cref="IOException">The file cannot be made.</exception>
    internal DraftFile Create()
    {
        // What is said is the person's own affair.
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(Folder);
        else
            Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var time = _clock.GetUtcNow().UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
        var path = Path.Combine(Folder, $"{Prefix}{time}-{Random.Shared.Next():x8}{Extension}");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new DraftFile(Wrap(new FileStream(path, options)), path);
    }

    // The draft would be overwritten, and then deleted under its own name.
    private void RefuseOwnFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (string.Equals(Resolve(Path.GetDirectoryName(Path.GetFullPath(path))!), Resolve(Folder), comparison))
            throw new ArgumentException("The folder of the drafts is no place for messages.", nameof(path));
    }

    private static string Resolve(string folder)
    {
        // The root of a drive of Windows is no file that could be looked at.
        if (Path.GetDirectoryName(folder) is not { } parent)
            return folder;
        var target = Directory.Exists(folder) ? Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName : null;
        return target is not null ? Resolve(target) : Path.Combine(Resolve(parent), Path.GetFileName(folder));
    }

    private string PathOf(VoiceDraft draft) => Path.Combine(Folder, Path.GetFileName(draft.Id) + Extension);

    private static DateTimeOffset? TryParseTime(string name)
    {
        var end = name.IndexOf('-', Prefix.Length);
        return end > 0 && DateTimeOffset.TryParseExact(
            name.AsSpan(Prefix.Length, end - Prefix.Length),
            TimeFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time) ? time : null;
    }

    // Null when the file went away meanwhile.
    private static VoiceDraft? TryDescribe(FileInfo file, DateTimeOffset startedAt)
    {
        try
        {
            return new VoiceDraft
            {
                Id = Path.GetFileNameWithoutExtension(file.Name),
                Path = file.FullName,
                StartedAt = startedAt,
                LastWrittenAt = file.LastWriteTimeUtc,
                Size = file.Length,
                IsInUse = IsInUse(file),
            };
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static bool IsInUse(FileInfo file)
    {
        try
        {
            using var _ = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (Exception exception) when (exception is IOException and not FileNotFoundException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
