using System.Security.Cryptography;
using VoiceKit.WebChat.Limits;

namespace VoiceKit.WebChat;

/// <summary>
/// The chat's folder: a folder for each room, one for files that are gone when the program ends, and the key of the rooms. One
/// program at a time has it.
/// </summary>
internal sealed class ChatFolder : IDisposable
{
    private const int KeySize = 32;

    private readonly FileStream _lock;
    private readonly string _scratch;

    /// <summary>Takes the folder, and deletes what an earlier program has left unfinished.</summary>
    /// <exception cref="IOException">It cannot be written, or another program has it.</exception>
    public ChatFolder(ChatOptions options)
    {
        Rooms = Path.Combine(options.Folder, "rooms");
        _scratch = Path.Combine(options.Folder, "unfinished");
        CreatePrivate(options.Folder);
        CreatePrivate(Rooms);
        _lock = new FileStream(Path.Combine(options.Folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        if (Directory.Exists(_scratch))
            Directory.Delete(_scratch, recursive: true);
        CreatePrivate(_scratch);
        Key = LoadKey(Path.Combine(options.Folder, "key"));
    }

    /// <summary>Where the rooms are.</summary>
    public string Rooms { get; }

    /// <summary>The secret by which the server knows the tokens that it has made.</summary>
    public byte[] Key { get; }

    /// <summary>A name for a file that will be deleted.</summary>
    /// <param name="share">Counts what it takes of the disk; null for what is counted elsewhere.</param>
    public ScratchFile NewScratchFile(DiskShare? share = null) => new(Path.Combine(_scratch, Ids.New()), share);

    public void Dispose() => _lock.Dispose();

    private static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static byte[] LoadKey(string path)
    {
        if (File.Exists(path) && File.ReadAllBytes(path) is { Length: KeySize } known)
            return known;
        var key = RandomNumberGenerator.GetBytes(KeySize);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(key);
        file.Flush(flushToDisk: true);
        return key;
    }
}
