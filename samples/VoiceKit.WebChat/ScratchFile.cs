namespace VoiceKit.WebChat;

/// <summary>A file of the server's own that is deleted when it is disposed. Those who have it open read on.</summary>
internal sealed class ScratchFile(string path) : IDisposable
{
    public string Path { get; } = path;

    public FileStream Create() => new(Path, Options(FileMode.CreateNew, FileAccess.ReadWrite));

    public FileStream OpenRead() => new(Path, Options(FileMode.Open, FileAccess.Read));

    public void Dispose() => File.Delete(Path);

    private static FileStreamOptions Options(FileMode mode, FileAccess access) => new()
    {
        Mode = mode,
        Access = access,
        Share = FileShare.ReadWrite | FileShare.Delete,
        Options = FileOptions.Asynchronous,
    };
}
