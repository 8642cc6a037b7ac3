using VoiceKit.Storage;
using VoiceKit.Tests.Storage;

namespace VoiceKit.Tests.Faults;

/// <summary>
/// Messages of a store that the system fails to read: none of them is said not to be there, whatever is asked, and all of them
/// can be read when the fault is over.
/// </summary>
internal static class UnreadMessages
{
    private const int Count = 4;

    private static readonly VoiceMessageQuery FromAnna = new() { Sender = "Anna" };

    public static async Task<FaultWork.Run> PrepareAsync(string folder, bool isIndexGone)
    {
        var store = new VoiceMessageStore(folder);
        var ids = new List<string>();
        for (var i = 0; i < Count; i++)
        {
            var info = new VoiceMessageInfo { Sender = "Anna", Time = Stores.Start.AddSeconds(i) };
            ids.Add((await store.AddAsync(Stores.Message(i, 20), info)).Id);
        }

        await store.ListAsync().ToListAsync();
        if (isIndexGone)
            File.Delete(Path.Combine(folder, ".voicekit", "index"));
        var wrongs = new List<string>();
        var deleted = false;
        return new FaultWork.Run(DoAsync, CheckAsync);

        async Task DoAsync()
        {
            var told = await FaultWork.TryAsync(async () =>
                wrongs.AddRange(WrongsOf(await store.ListAsync(FromAnna).ToListAsync(), ids, !isIndexGone)));
            foreach (var id in ids)
            {
                told = await AskAsync("getting", id, store.GetAsync(id)) ?? told;
                told = await AskAsync("opening", id, store.OpenAsync(id)) ?? told;
                told = await AskAsync("marking", id, store.MarkPlayedAsync(id)) ?? told;
                told = await AskAsync("forwarding", id, store.ForwardAsync(id)) ?? told;
            }

            told = await FaultWork.TryAsync(async () => Check("verified", Count, await store.VerifyAsync(), null)) ?? told;
            told = await FaultWork.TryAsync(BackUpAsync) ?? told;
            told = await FaultWork.TryAsync(DeleteAsync) ?? told;
            if (told is not null)
                throw told;
        }

        async Task<Exception?> AskAsync<T>(string what, string id, Task<T?> question)
            where T : class
        {
            return await FaultWork.TryAsync(async () =>
            {
                if (await question is null)
                    wrongs.Add($"{what} {id} says that it is not there");
            });
        }

        async Task BackUpAsync()
        {
            var report = await store.BackupAsync(new MemoryStream());
            Check("backed up", Count, report.Faults, report.WrittenCount);
        }

        async Task DeleteAsync()
        {
            deleted = await store.DeleteAsync(ids[^1]);
            if (!deleted)
                wrongs.Add("deleting says that it is not there");
        }

        // Forwarded ones come on top.
        void Check(string what, int count, IReadOnlyList<VoiceStoreFault> faults, int? written)
        {
            if (faults.Any(fault => fault.Kind is not (VoiceStoreFaultKind.Unreadable or VoiceStoreFaultKind.Missing)))
                wrongs.Add($"{what}: {string.Join(", ", faults)}");
            if (written + faults.Count < count)
                wrongs.Add($"{what}: {written}, and {faults.Count} faults told");
        }

        async Task<IReadOnlyList<string>> CheckAsync(Exception? told)
        {
            store.Dispose();
            using var other = new VoiceMessageStore(folder);
            for (var round = 0; round < 2; round++)
            {
                var left = await other.ListAsync(FromAnna).ToListAsync();
                wrongs.AddRange(FaultWork.Wrongs(
                    (ids.Take(Count - 1).Any(id => left.All(message => message.Id != id)), "a message is lost"),
                    (deleted && left.Any(message => message.Id == ids[^1]), "a message that was deleted is there"),
                    (left.Any(message => !message.IsReadable), "a message is not read again")));
            }

            var faults = await other.VerifyAsync();
            return [.. wrongs, .. faults.Select(fault => fault.ToString())];
        }
    }

    private static IEnumerable<string> WrongsOf(List<StoredVoiceMessage> listed, List<string> ids, bool isKnown)
    {
        if (listed.Count != Count)
            yield return $"{listed.Count} of {Count} messages are listed";
        if (isKnown && !listed.Select(message => message.Id).Reverse().SequenceEqual(ids))
            yield return "what the index knew of the messages is lost";
        if (listed.Any(message => message.IsReadable != (message.Sender == "Anna")))
            yield return "a message is said to be readable and is not";
    }
}
