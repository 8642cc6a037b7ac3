namespace VoiceKit.Tests.Support;

/// <summary>A folder that is deleted in the end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("voicekit-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string[] Files => Directory.GetFiles(Path);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
