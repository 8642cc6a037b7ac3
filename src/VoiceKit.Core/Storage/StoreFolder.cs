using System.Buffers;
using System.Globalization;
using System.Text;
using VoiceKit.IO;

namespace VoiceKit.Storage;

/// <summary>
/// The folders of a store and the files in them: what may be named how, and how a file gets its name. Nothing here knows of tags.
/// </summary>
internal sealed class StoreFolder
{
    /// <summary>The longest name that is taken, in bytes of UTF-8: what file systems have room for.</summary>
    public const int MaxName = 255;

    // Longer paths are left to the runtime.
    private const int MaxPath = 1024;

    public const string Sent = "Sent";
    public const string Received = "Received";

    private const string TemporaryPrefix = "new-";

    // What the runtime says of a folder that is not there.
    private static readonly long NoFolder = DateTime.FromFileTimeUtc(0).Ticks;
    private static readonly string[] Extensions = [".opus", ".ogg", ".oga"];

    // Those of all systems, and control characters.
    private static readonly SearchValues<char> NotInNames = SearchValues.Create(
        [.. "/\\:*?\"<>|", .. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(char.IsControl)]);

    private readonly string[] _folders;
    private readonly byte[][] _folderBytes;
    private readonly GroupFlush[] _flushes;
    private readonly Dictionary<(VoiceMessageDirection, DateOnly), int> _lastNumbers = [];
    private readonly bool _isDurable;

    public StoreFolder(string path, VoiceStoreDurability durability, StoreDisk disk)
    {
        Disk = disk;
        Root = Path.GetFullPath(path);
        Private = Path.Combine(Root, ".voicekit");
        _folders = [Path.Combine(Root, Sent), Path.Combine(Root, Received)];
        _folderBytes = Array.ConvertAll(_folders, folder => Encoding.UTF8.GetBytes(folder + Path.DirectorySeparatorChar));
        _isDurable = durability == VoiceStoreDurability.PowerLoss;
        EnsureIfWritable();
        Leftovers.Sweep(Private, TemporaryPrefix);
        _flushes = Array.ConvertAll(_folders, folder => new GroupFlush(() => Disk.FlushFolder(folder)));
    }

    public static IReadOnlyList<VoiceMessageDirection> Directions { get; } =
    [
        VoiceMessageDirection.Sent, VoiceMessageDirection.Received,
    ];

    public StoreDisk Disk { get; }

    public string Root { get; }

    /// <summary>Called when folders were made that were missing.</summary>
    public Action? Made { get; set; }

    /// <summary>Where files are that are no messages.</summary>
    public string Private { get; }

    public string this[VoiceMessageDirection direction] => _folders[(int)direction];

    public string PathOf(VoiceMessageDirection direction, string name) => Path.Combine(this[direction], name);

    /// <summary>The name of a file within the store: <c>Sent/PTT-20261121-0001.opus</c>.</summary>
    public static string PathInStore(VoiceMessageDirection direction, string name) =>
        $"{(direction == VoiceMessageDirection.Sent ? Sent : Received)}/{name}";

    /// <summary>Takes apart what <see cref="PathInStore"/> makes; null for anything else, whatever it may lead to.</summary>
    public static (VoiceMessageDirection Direction, string Name)? TryParse(string path)
    {
        var at = path.IndexOf('/', StringComparison.Ordinal);
        var name = path[(at + 1)..];
        return at < 0 || !IsName(name) ? null : path[..at] switch
        {
            Sent => (VoiceMessageDirection.Sent, name),
            Received => (VoiceMessageDirection.Received, name),
            _ => null,
        };
    }

    /// <summary>
    /// Whether a file of this name may be a message: a plain name with a known ending, in this or any other system.
    /// </summary>
    public static bool IsName(ReadOnlySpan<char> name) =>
        name.Length > 0
        && name[0] is not ('.' or ' ')
        && !name.ContainsAny(NotInNames)
        && HasExtension(name)
        && Encoding.UTF8.GetByteCount(name) <= MaxName
        && !IsDevice(name);

    /// <summary>
    /// Does what needs the folders, and makes those that are missing when it fails for them: the person may have deleted them.
    /// </summary>
    public T WithFolders<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DirectoryNotFoundException)
        {
            Ensure();
            return work();
        }
    }

    /// <summary>Makes the folders that are missing.</summary>
    public void Ensure()
    {
        var isNew = !Array.TrueForAll(_folders, Directory.Exists);
        CreateFolder(Root);
        CreateFolder(Private);
        foreach (var folder in _folders)
            CreateFolder(folder);
        if (!isNew)
            return;
        if (_isDurable)
        {
            Disk.FlushFolder(Root);
            if (Path.GetDirectoryName(Root) is { } parent)
                Disk.FlushFolder(parent);
        }

        Made?.Invoke();
    }

    /// <summary>When names in a folder were last added or taken away; 0 when there is no such folder.</summary>
    public long StampOf(VoiceMessageDirection direction)
    {
        var ticks = Directory.GetLastWriteTimeUtc(this[direction]).Ticks;
        return ticks == NoFolder ? 0 : ticks;
    }

    /// <summary>Reads the first bytes of a file at little cost.</summary>
    /// <returns>How many there are; less than 0 when it is to be opened to know.</returns>
    public int TryReadStart(VoiceMessageDirection direction, string name, Span<byte> bytes)
    {
        var folder = _folderBytes[(int)direction];
        if (FileStart.IsSupported && folder.Length + MaxName < MaxPath)
        {
            Span<byte> path = stackalloc byte[MaxPath + 1];
            folder.CopyTo(path);
            var length = folder.Length + Encoding.UTF8.GetBytes(name, path[folder.Length..]);
            path[length] = 0;
            return FileStart.TryRead(path[..(length + 1)], bytes);
        }

        try
        {
            using var file = StoreFile.Open(PathOf(direction, name));
            return RandomAccess.Read(file, bytes, 0);
        }
        catch (Exception exception) when (StoreFile.IsUnreadable(exception))
        {
            return -1;
        }
    }

    /// <summary>Creates a file that has no name among the messages yet.</summary>
    public FileStream CreateTemporary(out string path)
    {
        path = Path.Combine(Private, TemporaryPrefix + $"{Random.Shared.NextInt64():x16}");
        return Disk.Create(path);
    }

    /// <summary>Writes a file that has no name among the messages yet, and makes its bytes durable.</summary>
    public string WriteTemporary(Action<FileStream> write)
    {
        var path = "";
        var file = WithFolders(() => CreateTemporary(out path));
        try
        {
            using (file)
            {
                write(file);
                if (_isDurable)
                    Disk.Flush(file);
            }

            return path;
        }
        catch
        {
            Disk.Delete(path);
            throw;
        }
    }

    /// <summary>Gives a file a name that nobody has. The caller has the lock.</summary>
    /// <returns>The name.</returns>
    public string Place(string temporaryPath, VoiceMessageDirection direction, DateOnly date, string? wish = null)
    {
        try
        {
            return PlaceIn(temporaryPath, direction, date, wish);
        }
        catch (IOException) when (!Directory.Exists(this[direction]))
        {
            Ensure(); // The person has deleted it.
            return PlaceIn(temporaryPath, direction, date, wish);
        }
    }

    /// <summary>Makes the names in a folder durable: one flush for all who ask while another is at work.</summary>
    /// <exception cref="IOException">The disk reports an error.</exception>
    public void Flush(VoiceMessageDirection direction)
    {
        if (_isDurable)
            _flushes[(int)direction].Run();
    }

    private static string NameOf(DateOnly date, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"PTT-{date:yyyyMMdd}-{number:D4}.opus");

    private string PlaceIn(string temporaryPath, VoiceMessageDirection direction, DateOnly date, string? wish)
    {
        if (wish is not null && TryPlace(temporaryPath, PathOf(direction, wish)))
            return wish;
        var number = _lastNumbers.GetValueOrDefault((direction, date)) is > 0 and var last ? last + 1 : FindFree(direction, date);
        while (!TryPlace(temporaryPath, PathOf(direction, NameOf(date, number))))
            number++;
        _lastNumbers[(direction, date)] = number;
        return NameOf(date, number);
    }

    // Only a program that knows nothing of the lock could take the name between the question and the move.
    private bool TryPlace(string temporaryPath, string path)
    {
        if (Path.Exists(path))
            return false;
        try
        {
            Disk.Move(temporaryPath, path, overwrite: false);
            return true;
        }
        catch (IOException) when (Path.Exists(path))
        {
            return false;
        }
    }

    // A number whose name is free, and likely those above it, without asking for each below.
    private int FindFree(VoiceMessageDirection direction, DateOnly date)
    {
        var taken = 0;
        var free = 1;
        while (Path.Exists(PathOf(direction, NameOf(date, free))))
            (taken, free) = (free, free * 2);
        while (free - taken > 1)
        {
            var middle = taken + (free - taken) / 2;
            if (Path.Exists(PathOf(direction, NameOf(date, middle))))
                taken = middle;
            else
                free = middle;
        }

        return free;
    }

    // Names that Windows gives to devices, with any ending.
    private static bool IsDevice(ReadOnlySpan<char> name)
    {
        const StringComparison AnyCase = StringComparison.OrdinalIgnoreCase;
        var stem = name[..name.IndexOf('.')].TrimEnd(' ');
        return stem.Length switch
        {
            3 => stem.Equals("CON", AnyCase)
                || stem.Equals("PRN", AnyCase)
                || stem.Equals("AUX", AnyCase)
                || stem.Equals("NUL", AnyCase),
            4 => stem.StartsWith("COM", AnyCase) || stem.StartsWith("LPT", AnyCase),
            _ => false,
        };
    }

    private static bool HasExtension(ReadOnlySpan<char> name)
    {
        foreach (var extension in Extensions)
        {
            if (name.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    // What is said is the person's own affair.
    private static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    // A folder that may only be read has a store that can only be read.
    private void EnsureIfWritable()
    {
        try
        {
            Ensure();
        }
        catch (Exception exception) when (StoreDisk.IsReadOnly(exception) && Directory.Exists(Root))
        {
        }
    }
}
