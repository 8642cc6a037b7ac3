using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Recording;
using VoiceKit.Storage;
using VoiceKit.Tests.Recording;
using VoiceKit.Tests.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Faults;

/// <summary>A kind of work that faults are tried on.</summary>
/// <param name="Name">Its name.</param>
/// <param name="PrepareAsync">Makes in a folder what is there before, without faults.</param>
/// <param name="LeastFaults">How many of the faults it meets at least.</param>
/// <param name="Flushes">How often it flushes at least: a file, and the folder that has its name.</param>
/// <param name="Place">Where within the folder calls fail; empty for everywhere.</param>
internal sealed record FaultWork(
    string Name, Func<string, Task<FaultWork.Run>> PrepareAsync, int LeastFaults = 10, int Flushes = 0, string Place = "")
{
    private static readonly AudioFormat Mono = new(48_000, 1);

    public static IReadOnlyList<FaultWork> All { get; } =
    [
        new("save", PrepareSave, Flushes: 2),
        new("finish to another disk", PrepareFinishAsync, LeastFaults: 6, Flushes: 2),
        // It opens, writes and flushes once: there is nothing that the later ones of each could hit.
        new("tags in place", folder => PrepareTags(folder, allowInPlace: true), LeastFaults: 8),
        new("tags anew", folder => PrepareTags(folder, allowInPlace: false)),
        new("store", PrepareStoreAsync),
        new("messages of a store", folder => UnreadMessages.PrepareAsync(folder, isIndexGone: false), Place: "/Sent"),
        new(
            "messages of a store without index",
            folder => UnreadMessages.PrepareAsync(folder, isIndexGone: true),
            Place: "/Sent"),
        new("backup", PrepareBackupAsync),
        new("recorder", PrepareRecorderAsync),
    ];

    /// <summary>Work on its way.</summary>
    /// <param name="DoAsync">Does it, under faults.</param>
    /// <param name="CheckAsync">Says what is wrong with what is left, given what was told.</param>
    internal sealed record Run(Func<Task> DoAsync, Func<Exception?, Task<IReadOnlyList<string>>> CheckAsync);

    private static Task<Run> PrepareSave(string folder)
    {
        var path = Path.Combine(folder, "a.opus");
        var (old, message) = (NumberedPackets.File(50), Stores.Message(7, 80));
        File.WriteAllBytes(path, old);
        var expected = BytesOf(message);
        return Task.FromResult(new Run(() => message.SaveAsync(path), told =>
        {
            var left = File.ReadAllBytes(path);
            return Task.FromResult(Wrongs(
                (!left.AsSpan().SequenceEqual(old) && !left.AsSpan().SequenceEqual(expected), "the old file is harmed"),
                (told is null && !left.AsSpan().SequenceEqual(expected), "what was saved is not there")));
        }));
    }

    private static Task<Run> PrepareTags(string folder, bool allowInPlace)
    {
        var path = Path.Combine(folder, "a.opus");
        File.WriteAllBytes(path, NumberedPackets.File(50));
        OggOpusTagEdit.Edit(path, tags => tags.With("TITLE", "old"), new() { Padding = 100 });
        var audio = Stores.AudioOf(path);
        var options = new OggOpusTagEditOptions { AllowInPlace = allowInPlace };
        return Task.FromResult(new Run(() => OggOpusTagEdit.EditAsync(path, tags => tags.With("TITLE", "new"), options), told =>
        {
            var title = OggOpusTagEdit.Read(path).GetValue("TITLE");
            return Task.FromResult(Wrongs(
                (Stores.AudioOf(path) != audio, "the audio is harmed"),
                (title is not ("old" or "new"), "the tags are harmed"),
                (told is null && title != "new", "the new tags are not there")));
        }));
    }

    private static async Task<Run> PrepareStoreAsync(string folder)
    {
        var store = new VoiceMessageStore(folder);
        var old = new List<StoredVoiceMessage>();
        for (var i = 0; i < 4; i++)
            old.Add(await store.AddAsync(Stores.Message(i, 20)));
        await store.ListAsync().ToListAsync();
        var (added, played, deleted, forwarded) = ((string?)null, false, false, (string?)null);
        return new Run(DoAsync, CheckAsync);

        // Each by itself: what the first one is refused, the next may be granted.
        async Task DoAsync()
        {
            var first = await TryAsync(async () => added = (await store.AddAsync(Stores.Message(9, 20))).Id);
            var second = await TryAsync(async () => played = (await store.MarkPlayedAsync(old[0].Id))!.IsPlayed);
            var third = await TryAsync(async () => deleted = await store.DeleteAsync(old[1].Id));
            var fourth = await TryAsync(async () => forwarded = (await store.ForwardAsync(old[2].Id))!.Id);
            if ((first ?? second ?? third ?? fourth) is { } told)
                throw told;
        }

        async Task<IReadOnlyList<string>> CheckAsync(Exception? told)
        {
            store.Dispose();
            using var other = new VoiceMessageStore(folder);
            var left = await other.ListAsync().ToDictionaryAsync(message => message.Id);
            return Wrongs(
                (added is not null && !left.ContainsKey(added), "what was added is not there"),
                (forwarded is not null && !left.ContainsKey(forwarded), "what was forwarded is not there"),
                (played && left.GetValueOrDefault(old[0].Id) is not { IsPlayed: true }, "what was played is not noted"),
                (deleted && left.ContainsKey(old[1].Id), "what was deleted is there"),
                (new[] { 0, 2, 3 }.Any(i => !left.ContainsKey(old[i].Id)), "an old message is lost"),
                (!deleted && told is null, "a deletion was not done and nothing was told"),
                (left.Values.Any(message => Stores.AudioOf(message.Path).Length == 0), "a message is harmed"),
                ((await other.VerifyAsync()).Any(fault => fault.Kind != VoiceStoreFaultKind.Missing), "the store is harmed"));
        }
    }

    private static async Task<Run> PrepareBackupAsync(string folder)
    {
        using var store = new VoiceMessageStore(folder + "-store");
        for (var i = 0; i < 4; i++)
            await store.AddAsync(Stores.Message(i, 20));
        var (root, path) = (store.Folder, Path.Combine(folder, "a.zip"));
        return new Run(DoAsync, async told =>
        {
            using var other = new VoiceMessageStore(folder + "-other");
            var restored = told is null ? await RestoreAsync(other, path) : 4;
            Directory.Delete(other.Folder, recursive: true);
            Directory.Delete(root, recursive: true);
            return Wrongs((restored != 4, $"{restored} of 4 messages are in the backup"));
        });

        async Task DoAsync()
        {
            using var again = new VoiceMessageStore(root);
            await using var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
            var report = await again.BackupAsync(file);
            if (report.Faults is [var fault, ..])
                throw new IOException(fault.Message);
            VoiceKit.IO.DiskFlush.File(file);
        }
    }

    private static async Task<int> RestoreAsync(VoiceMessageStore store, string path)
    {
        await using var file = File.OpenRead(path);
        return (await store.RestoreAsync(file)).Restored.Count;
    }

    // A fault of the disk is told by the state, and the message is whole all the same.
    private static async Task<Run> PrepareRecorderAsync(string folder)
    {
        var input = new FakeAudioInput(Mono);
        var drafts = new VoiceDrafts(folder);
        var recorder = new VoiceRecorder(
            input, LibOpusCodec.Default, new VoiceRecorderOptions { Drafts = drafts, DeviceTimeout = Recorders.Patience });
        var heard = 0;
        await recorder.StartAsync();
        return new Run(DoAsync, CheckAsync);

        async Task DoAsync()
        {
            await RecordAsync();
            await recorder.ResumeAsync();
            await RecordAsync();
        }

        async Task RecordAsync()
        {
            input.Hear(Signals.Voice(96_000), 960);
            heard += 96_000;
            await recorder.PauseAsync();
            if (recorder.Fault is { } fault)
                throw new IOException(fault.Message, fault);
        }

        async Task<IReadOnlyList<string>> CheckAsync(Exception? told)
        {
            var samples = (await recorder.FinishAsync())?.Info.Samples;
            await recorder.DisposeAsync();
            return Wrongs((samples != heard, $"the message has {samples} of {heard} samples"));
        }
    }

    // Faults are met in the folder of the file alone; the draft is elsewhere. It goes when nothing can take the message away any
    // more.
    private static async Task<Run> PrepareFinishAsync(string folder)
    {
        var drafts = new VoiceDrafts(Path.Combine(Path.GetDirectoryName(folder)!, "drafts-of-" + Path.GetFileName(folder)));
        var path = Path.Combine(folder, "a.opus");
        var input = new FakeAudioInput(Mono);
        var recorder = new VoiceRecorder(
            input, LibOpusCodec.Default, new VoiceRecorderOptions { Drafts = drafts, DeviceTimeout = Recorders.Patience });
        await recorder.StartAsync();
        input.Hear(Signals.Voice(96_000), 960);
        return new Run(() => recorder.FinishToFileAsync(path), async told =>
        {
            await recorder.DisposeAsync();
            var isKept = drafts.List().Count == 1;
            return Wrongs(
                (told is not null && !isKept, "the draft is gone, and the file may be"),
                (told is null && isKept, "a draft is left behind"),
                (told is null && (await VoiceMessage.OpenAsync(path)).Info.Samples != 96_000, "what was saved is not there"));
        });
    }

    /// <summary>Does a work; gives what the system's failure made of it, or null.</summary>
    public static async Task<Exception?> TryAsync(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception;
        }
    }

    internal static IReadOnlyList<string> Wrongs(params (bool IsWrong, string What)[] all) =>
        [.. all.Where(one => one.IsWrong).Select(one => one.What)];

    private static byte[] BytesOf(VoiceMessage message)
    {
        using var bytes = new MemoryStream();
        using var stream = message.OpenRead();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
