using VoiceKit.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Storage;

public class PowerLossTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Whenever_the_power_fails_what_was_acknowledged_is_there_and_whole_as_long_as_files_and_folders_are_flushed(
        bool forgetsFiles, bool forgetsFolders)
    {
        using var folder = new TemporaryFolder();
        var disk = new FailingPower(folder["store"]) { ForgetsFiles = forgetsFiles, ForgetsFolders = forgetsFolders };
        using var store = new VoiceMessageStore(folder["store"], new VoiceMessageStoreOptions(), disk);
        await WorkAsync(store, disk);

        var wrong = new List<string>();
        for (var i = 0; i < disk.States.Count && wrong.Count == 0; i++)
            wrong.AddRange(await FindWrongAsync(folder[$"left{i}"], disk.States[i]));
        if (forgetsFiles || forgetsFolders)
            Assert.NotEmpty(wrong);
        else
            Assert.Empty(wrong);
    }

    private static async Task WorkAsync(VoiceMessageStore store, FailingPower disk)
    {
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            ids.Add((await store.AddAsync(Stores.Message(i, 50), new() { Direction = (VoiceMessageDirection)(i % 2) })).Id);
            disk.Say(ids[i], true, false);
        }

        await MarkAsync(ids[1], true);
        var forwarded = (await store.ForwardAsync(ids[1]))!.Id;
        disk.Say(forwarded, true, false);
        var backup = new MemoryStream();
        await store.BackupAsync(backup);
        await DeleteAsync(ids[0]);
        await DeleteAsync(forwarded);
        await MarkAsync(ids[1], false);
        await store.RestoreAsync(backup);
        disk.Say(ids[0], true, false);
        disk.Say(forwarded, true, false);
        disk.Say((await store.AddAsync(Stores.Message(9, 50))).Id, true, false);

        async Task MarkAsync(string id, bool isPlayed)
        {
            disk.Say(id, true, null);
            await store.MarkPlayedAsync(id, isPlayed);
            disk.Say(id, true, isPlayed);
        }

        async Task DeleteAsync(string id)
        {
            disk.Say(id, null, null);
            await store.DeleteAsync(id);
            disk.Say(id, false, null);

            // What comes next may bring it back.
            disk.Say(id, null, null);
        }
    }

    private static async Task<List<string>> FindWrongAsync(string folder, FailingPower.State state)
    {
        using var store = new VoiceMessageStore(folder, Stores.Fast);
        foreach (var (name, bytes) in state.Files)
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
        var listed = (await store.ListAsync(new() { Limit = 1000 }).ToListAsync()).ToDictionary(message => message.Id);
        var wrong = (await store.VerifyAsync()).Select(fault => $"{fault.Name}: {fault.Message}").ToList();
        foreach (var (id, word) in state.Words)
        {
            var isThere = listed.TryGetValue(id, out var message);
            if (isThere != (word.IsThere ?? isThere))
                wrong.Add($"{id} is {(isThere ? "" : "not ")}there");
            if (isThere && message!.IsPlayed != (word.IsPlayed ?? message.IsPlayed))
                wrong.Add($"{id} is {(message.IsPlayed ? "" : "not ")}played");
        }

        return wrong;
    }
}
