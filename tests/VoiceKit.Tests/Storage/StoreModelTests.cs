using FsCheck;
using FsCheck.Fluent;
using VoiceKit.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Storage;

/// <summary>Whatever is done with a store in whatever order, it lists what a list in memory would.</summary>
public class StoreModelTests
{
    private enum Step
    {
        Add,
        AddLate,
        Delete,
        MarkPlayed,
        MarkUnplayed,
        Forward,
        Page,
        Reopen,
        DeleteIndex,
        CopyFolder,
        Backup,
        Restore,
        RenameByHand,
        DeleteByHand,
        TouchFolder,
    }

    [Fact]
    public void A_store_lists_what_a_list_in_memory_would()
    {
        var step = Gen.Zip(Gen.Elements(Enum.GetValues<Step>()), Gen.Choose(0, 1000));
        var first = Gen.Choose(0, 1000).Select(number => (Step.Add, number));
        var steps =
            from before in first.ArrayOf(3)
            from rest in step.ArrayOf(17)
            select before.Concat(rest).ToArray();
        Fx.Check(steps, all => RunAsync(all).GetAwaiter().GetResult(), tests: 40);
    }

    private static async Task RunAsync((Step Step, int Number)[] steps)
    {
        using var folder = new TemporaryFolder();
        using var run = new Run(folder);
        foreach (var (step, number) in steps)
        {
            await run.DoAsync(step, number);
            await run.CompareAsync(pageSize: int.MaxValue);
        }

        await run.CompareAudioAsync();
    }

    /// <summary>What the store should know of a message.</summary>
    /// <param name="Version">How often it was changed: the newer form of a message wins.</param>
    private sealed record Model(
        string Id,
        DateTimeOffset Time,
        VoiceMessageDirection Direction,
        int ForwardedCount,
        bool IsPlayed,
        int Version,
        string Audio);

    private sealed class Run(TemporaryFolder folder) : IDisposable
    {
        private readonly Dictionary<string, Model> _models = [];
        private readonly ManualTimeProvider _clock = new(Stores.Start);
        private VoiceMessageStore? _store;
        private string _path = folder["0"];
        private int _copies;
        private MemoryStream? _backup;
        private Dictionary<string, Model> _backedUp = [];

        private VoiceMessageStore Store => _store ??= new VoiceMessageStore(
            _path, new() { Durability = VoiceStoreDurability.ProcessEnd, Clock = _clock });

        private Model[] Order =>
            [.. _models.Values.OrderByDescending(model => model.Time).ThenByDescending(
                model => model.Id, StringComparer.Ordinal)];

        public async Task DoAsync(Step step, int number)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(number % 3));
            var chosen = _models.Count == 0 ? null : Order[number % _models.Count];
            switch (step)
            {
                case Step.Add or Step.AddLate:
                    var late = TimeSpan.FromSeconds(step == Step.AddLate ? number % 5 : 0);
                    await AddAsync(number, _clock.GetUtcNow() - late, (VoiceMessageDirection)(number % 2));
                    break;
                case Step.Delete:
                    Assert.Equal(chosen is not null, await Store.DeleteAsync(chosen?.Id ?? "none"));
                    Forget(chosen);
                    break;
                case Step.MarkPlayed or Step.MarkUnplayed when chosen is not null:
                    await MarkAsync(chosen, step == Step.MarkPlayed);
                    break;
                case Step.Forward when chosen is not null:
                    var forwarded = (await Store.ForwardAsync(chosen.Id))!;
                    Know(forwarded, chosen with { ForwardedCount = chosen.ForwardedCount + 1 });
                    break;
                case Step.Page:
                    await CompareAsync(1 + number % 7);
                    break;
                case Step.Reopen:
                    Dispose();
                    break;
                case Step.DeleteIndex:
                    File.Delete(Path.Combine(_path, ".voicekit", "index"));
                    break;
                case Step.CopyFolder:
                    Dispose();
                    CopyFolder(_path, folder[$"{++_copies}"]);
                    _path = folder[$"{_copies}"];
                    break;
                case Step.Backup:
                    _backup = new MemoryStream();
                    await Store.BackupAsync(_backup);
                    _backedUp = new(_models);
                    break;
                case Step.Restore when _backup is not null:
                    await RestoreAsync(_backup);
                    break;
                case Step.RenameByHand when chosen is not null:
                    var path = (await Store.GetAsync(chosen.Id))!.Path;
                    WaitForTick(Path.GetDirectoryName(path)!);
                    File.Move(path, Path.Combine(Path.GetDirectoryName(path)!, $"by hand {number} {chosen.Id}.opus"));
                    break;
                case Step.DeleteByHand when chosen is not null:
                    File.Delete((await Store.GetAsync(chosen.Id))!.Path);
                    Forget(chosen);
                    break;
                case Step.TouchFolder:
                    Directory.SetLastWriteTimeUtc(
                        Store.FolderOf(VoiceMessageDirection.Sent), Stores.Start.UtcDateTime.AddSeconds(number));
                    break;
            }
        }

        public async Task CompareAsync(int pageSize)
        {
            var listed = new List<StoredVoiceMessage>();
            List<StoredVoiceMessage> page;
            do
            {
                page = await Store.ListAsync(new() { Limit = pageSize, Before = listed.LastOrDefault() }).ToListAsync();
                listed.AddRange(page);
            }
            while (page.Count == pageSize);
            Assert.Equal(
                Order.Select(model => (model.Id, model.Time, model.Direction, model.ForwardedCount, model.IsPlayed)),
                listed.Select(
                    message => (message.Id, message.Time, message.Direction, message.ForwardedCount, message.IsPlayed)));
        }

        public async Task CompareAudioAsync() => Assert.Equal(
            Order.Select(model => model.Audio),
            (await Store.ListAsync(new() { Limit = int.MaxValue }).ToListAsync()).Select(
                message => Stores.AudioOf(message.Path)));

        public void Dispose()
        {
            _store?.Dispose();
            _store = null;
        }

        private async Task AddAsync(int number, DateTimeOffset time, VoiceMessageDirection direction)
        {
            var added = await Store.AddAsync(Stores.Message(number, 3), new() { Time = time, Direction = direction });
            Know(added, new Model("", time, direction, 0, false, 0, Stores.AudioOf(added.Path)));
        }

        private async Task MarkAsync(Model model, bool isPlayed)
        {
            var marked = (await Store.MarkPlayedAsync(model.Id, isPlayed))!;
            if (model.IsPlayed == isPlayed)
                return;
            _models[model.Id] = model with { IsPlayed = isPlayed, Version = model.Version + 1 };
            Stamp(marked.Path, model.Version + 1);
        }

        private async Task RestoreAsync(MemoryStream backup)
        {
            var report = await Store.RestoreAsync(backup);
            Assert.Empty(report.Faults);
            Assert.Equal(_backedUp.Keys.Except(_models.Keys).Order(), report.Restored.Select(message => message.Id).Order());
            foreach (var (id, model) in _backedUp)
            {
                if (!_models.TryGetValue(id, out var own) || own.Version < model.Version)
                    _models[id] = model;
            }
        }

        private void Know(StoredVoiceMessage message, Model model)
        {
            _models[message.Id] = model with
            {
                Id = message.Id, Time = message.Time, Direction = message.Direction, IsPlayed = message.IsPlayed, Version = 0,
            };
            Stamp(message.Path, 0);
        }

        private static void CopyFolder(string from, string to)
        {
            foreach (var path in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(to, Path.GetRelativePath(from, path));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(path, copy);
            }
        }

        // What a hand does in the same tick of the file system's clock as the store's last change is seen two seconds later.
        private void WaitForTick(string directory)
        {
            do
                File.WriteAllText(folder["tick"], "");
            while (File.GetLastWriteTimeUtc(folder["tick"]) <= Directory.GetLastWriteTimeUtc(directory));
        }

        private void Forget(Model? model)
        {
            if (model is not null)
                _models.Remove(model.Id);
        }

        // Two changes may come in one tick of the file system's clock.
        private static void Stamp(string path, int version) =>
            File.SetLastWriteTimeUtc(path, Stores.Start.UtcDateTime.AddYears(-1).AddSeconds(version));
    }
}
