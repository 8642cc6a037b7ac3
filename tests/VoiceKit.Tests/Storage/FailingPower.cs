using VoiceKit.Storage;

namespace VoiceKit.Tests.Storage;

/// <summary>
/// A disk that knows what would be left of the messages if the power failed now. Bytes that were not flushed are cut in half; of
/// the names that were added and taken away in a folder since that was flushed, any first few may have reached the disk.
/// </summary>
internal sealed class FailingPower(string root) : StoreDisk
{
    private readonly Dictionary<string, Bytes> _files = [];
    private readonly Dictionary<string, Names> _folders = [];
    private readonly Dictionary<string, Word> _words = [];

    /// <summary>Acts as if the store did not flush files.</summary>
    public bool ForgetsFiles { get; init; }

    /// <summary>Acts as if the store did not flush folders.</summary>
    public bool ForgetsFolders { get; init; }

    /// <summary>What may be left, for every moment so far.</summary>
    public List<State> States { get; } = [];

    /// <summary>Takes note of what the store has acknowledged, or of what is in doubt while it works.</summary>
    public void Say(string id, bool? isThere, bool? isPlayed)
    {
        _words[id] = new Word(isThere, isPlayed);
        AddStates();
    }

    public override FileStream Create(string path)
    {
        var file = base.Create(path);
        _files[path] = new Bytes();
        return file;
    }

    public override void Flush(FileStream file)
    {
        var place = file.Position;
        file.Position = 0;
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        file.Position = place;
        _files[file.Name].Content = bytes;
        _files[file.Name].IsDurable = !ForgetsFiles;
        AddStates();
    }

    public override void Move(string from, string to, bool overwrite)
    {
        base.Move(from, to, overwrite);
        _files.Remove(from, out var bytes);
        bytes!.Content ??= File.ReadAllBytes(to);
        _files[to] = bytes;
        Change(to, bytes);
    }

    public override void Delete(string path)
    {
        var isThere = File.Exists(path);
        base.Delete(path);
        _files.Remove(path);
        if (isThere)
            Change(path, null);
    }

    public override void FlushFolder(string path)
    {
        if (!ForgetsFolders && _folders.TryGetValue(path, out var names))
            names.Settle();
        AddStates();
    }

    private void Change(string path, Bytes? bytes)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (Path.GetFileName(folder) == ".voicekit")
            return;
        if (!_folders.TryGetValue(folder, out var names))
            _folders[folder] = names = new Names();
        names.Changes.Add((Path.GetFileName(path), bytes));
        AddStates();
    }

    private void AddStates()
    {
        var most = _folders.Values.Select(names => names.Changes.Count).Append(0).Max();
        for (var count = 0; count <= most; count++)
            States.Add(new State(Left(count), new Dictionary<string, Word>(_words)));
    }

    private Dictionary<string, byte[]> Left(int changes)
    {
        var left = new Dictionary<string, byte[]>();
        foreach (var (folder, names) in _folders)
        {
            foreach (var (name, bytes) in names.After(changes))
                left[Path.GetRelativePath(root, Path.Combine(folder, name))] = bytes.Left;
        }

        return left;
    }

    /// <summary>What is left after a loss of power, and what the store had said by then.</summary>
    internal sealed record State(Dictionary<string, byte[]> Files, Dictionary<string, Word> Words);

    /// <summary>What is known of a message; null for what is in doubt.</summary>
    internal readonly record struct Word(bool? IsThere, bool? IsPlayed);

    private sealed class Bytes
    {
        public byte[]? Content { get; set; }

        public bool IsDurable { get; set; }

        public byte[] Left => IsDurable ? Content! : Content![..(Content.Length / 2)];
    }

    private sealed class Names
    {
        private Dictionary<string, Bytes> _durable = [];

        public List<(string Name, Bytes? Bytes)> Changes { get; } = [];

        public Dictionary<string, Bytes> After(int changes)
        {
            var names = new Dictionary<string, Bytes>(_durable);
            foreach (var (name, bytes) in Changes.Take(changes))
            {
                names.Remove(name);
                if (bytes is not null)
                    names[name] = bytes;
            }

            return names;
        }

        public void Settle()
        {
            _durable = After(Changes.Count);
            Changes.Clear();
        }
    }
}
