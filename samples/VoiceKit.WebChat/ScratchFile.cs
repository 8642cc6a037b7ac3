using VoiceKit.WebChat.Limits;

namespace VoiceKit.WebChat;

/// <summary>A file of the server's own that is deleted when it is disposed. Those who have it open read on.</summary>
/// <param name="path">Where it is.</param>
/// <param name="share">Counts what it takes of the disk; null for what is counted elsewhere.</param>
internal sealed class ScratchFile(string path, DiskShare? share = null) : IDisposable
{
    public string Path { get; } = path;

    /// <summary>Counts bytes before they are written.</summary>
    /// <exception cref="ChatException">There is no space for them.</exception>
    public void Reserve(long count) => share?.Add(count);

    public FileStream Create() => new(Path, Options(FileMode.CreateNew, FileAccess.ReadWrite));

    public FileStream OpenRead() => new(Path, Options(FileMode.Open, FileAccess.Read));

    public void Dispose()
    {
        File.Delete(Path);
        share?.Dispose();
    }

    private static FileStreamOptions Options(FileMode mode, FileAccess access) => new()
    {
        Mode = mode,
        Access = access,
        Share = FileShare.ReadWrite | FileShare.Delete,
        Options = FileOptions.Asynchronous,
    };
}
