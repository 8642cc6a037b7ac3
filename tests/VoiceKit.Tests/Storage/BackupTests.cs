using System.IO.Compression;
using System.Text;
using VoiceKit.Opus;
using VoiceKit.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Storage;

public class BackupTests
{
    [Fact]
    public async Task Backup_is_a_zip_that_restores_all_and_again_nothing()
    {
        using var folder = new TemporaryFolder();
        using var store = await FillAsync(folder["a"], 6);
        var zip = new MemoryStream();
        var report = await store.BackupAsync(zip);
        Assert.Equal((6, 0), (report.WrittenCount, report.Faults.Count));
        File.WriteAllBytes(folder["a.zip"], zip.ToArray());
        Oracle.Run("unzip", "-tq", folder["a.zip"]);

        using var other = new VoiceMessageStore(folder["b"], Stores.Fast);
        var restored = await other.RestoreAsync(zip);
        Assert.Equal((6, 0, 0), (restored.Restored.Count, restored.UnchangedCount, restored.Faults.Count));
        Assert.Equal(await Stores.IdsAsync(store), await Stores.IdsAsync(other));
        var again = await other.RestoreAsync(zip);
        Assert.Equal((0, 6, 0), (again.Restored.Count, again.UnchangedCount, again.Faults.Count));
        Assert.Empty(await other.VerifyAsync());
    }

    [Fact]
    public async Task Incremental_backups_hold_what_is_new()
    {
        using var folder = new TemporaryFolder();
        using var store = await FillAsync(folder["a"], 3);
        var (full, more) = (new MemoryStream(), new MemoryStream());
        await store.BackupAsync(full);
        await store.AddAsync(Stores.Message(9));
        var report = await store.BackupAsync(more, full);
        Assert.Equal((1, 4), (report.WrittenCount, (await VoiceBackupManifest.ReadAsync(more)).Entries.Count));
        using var other = new VoiceMessageStore(folder["b"], Stores.Fast);
        Assert.Equal(3, (await other.RestoreAsync(more)).Faults.Count(fault => fault.Kind == VoiceStoreFaultKind.Missing));
        await other.RestoreAsync(full);
        Assert.Empty((await other.RestoreAsync(more)).Faults);
        Assert.Equal(await Stores.IdsAsync(store), await Stores.IdsAsync(other));
    }

    [Fact]
    public async Task A_backup_cut_off_anywhere_is_gone_on_with()
    {
        using var folder = new TemporaryFolder();
        using var store = await FillAsync(folder["a"], 4);
        var whole = new MemoryStream();
        await store.BackupAsync(whole);
        for (var length = 0; length < whole.Length; length += 97)
        {
            var part = new MemoryStream();
            part.Write(whole.ToArray().AsSpan(0, length));
            var report = await store.BackupAsync(part);
            Assert.Equal(4, report.WrittenCount + report.ResumedCount);
            using var zip = new ZipArchive(part);
            Assert.Equal(5, zip.Entries.Count);
            Assert.Equal(4, VoiceBackupManifest.Read(part).Entries.Count);
        }
    }

    [Fact]
    public async Task Files_without_an_id_are_told_by_what_is_in_them_not_by_their_names()
    {
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder["a"], Stores.Fast);
        using var other = new VoiceMessageStore(folder["b"], Stores.Fast);
        Drop(store, "voice.opus", 1);
        Drop(store, "copy 1.opus", 2);
        Drop(store, "copy 2.opus", 2);
        var own = Drop(other, "voice.opus", 3);
        var bytes = File.ReadAllBytes(own);
        var (full, empty) = (new MemoryStream(), new MemoryStream());
        var report = await store.BackupAsync(full);
        await store.BackupAsync(empty, full);

        var restored = await other.RestoreAsync(full);
        Assert.Equal((3, 0), (restored.Restored.Count, restored.Faults.Count));
        Assert.Equal(bytes, File.ReadAllBytes(own));
        foreach (var message in restored.Restored)
            Assert.Equal(message.Path, (await other.GetAsync(message.Id))!.Path);
        File.Move(restored.Restored[0].Path, Path.Combine(other.FolderOf(VoiceMessageDirection.Sent), "by hand.opus"));
        foreach (var again in new[] { full, empty })
        {
            var next = await other.RestoreAsync(again);
            Assert.Equal((0, 3, 0), (next.Restored.Count, next.UnchangedCount, next.Faults.Count));
        }

        Assert.Equal(4, (await other.ListAsync().ToListAsync()).Count);
    }

    [Fact]
    public async Task A_message_as_large_as_one_may_be_is_backed_up_and_restored_too()
    {
        using var folder = new TemporaryFolder();
        var message = Stores.Message(1, 100);
        var options = new VoiceMessageStoreOptions
        {
            MaxMessageSize = message.Size,
            Durability = VoiceStoreDurability.ProcessEnd,
        };
        using var store = new VoiceMessageStore(folder["a"], options);
        await store.AddAsync(message, new() { Sender = new string('ん', 1024) });
        var zip = new MemoryStream();
        Assert.Empty((await store.BackupAsync(zip)).Faults);
        using var other = new VoiceMessageStore(folder["b"], options);
        Assert.Single((await other.RestoreAsync(zip)).Restored);
    }

    [Fact]
    public async Task A_manifest_is_read_from_its_own_file_too()
    {
        using var folder = new TemporaryFolder();
        using var store = await FillAsync(folder["a"], 3);
        var zip = new MemoryStream();
        var report = await store.BackupAsync(zip);
        using var archive = new ZipArchive(zip);
        archive.GetEntry("manifest.json")!.ExtractToFile(folder["manifest.json"]);
        using var json = File.OpenRead(folder["manifest.json"]);
        Assert.Equal((await VoiceBackupManifest.ReadAsync(zip)).Entries, VoiceBackupManifest.Read(json).Entries);
        Assert.Throws<VoiceFormatException>(() => VoiceBackupManifest.Read(new MemoryStream("{\"version\": 1}"u8.ToArray())));
        Assert.Throws<VoiceFormatException>(() => VoiceBackupManifest.Read(new MemoryStream("{"u8.ToArray())));
        Assert.Throws<VoiceFormatException>(() => VoiceBackupManifest.Read(new MemoryStream()));
    }

    [Fact]
    public async Task What_a_stream_held_before_that_can_only_be_written_is_gone()
    {
        using var folder = new TemporaryFolder();
        using var store = await FillAsync(folder["a"], 3);
        File.WriteAllBytes(folder["a.zip"], new byte[100_000]);
        using (var file = new FileStream(folder["a.zip"], FileMode.Open, FileAccess.Write))
        {
            file.Position = 500;
            await store.BackupAsync(file);
        }

        Oracle.Run("unzip", "-tq", folder["a.zip"]);
    }

    [Fact]
    public async Task A_damaged_message_is_not_replaced_by_another_that_claims_its_id()
    {
        using var folder = new TemporaryFolder();
        using var store = await FillAsync(folder["a"], 1);
        var message = Assert.Single(await store.ListAsync().ToListAsync());
        var bytes = File.ReadAllBytes(message.Path);
        bytes[^10] ^= 1;
        File.WriteAllBytes(message.Path, bytes);

        using var other = new VoiceMessageStore(folder["b"]);
        OpusComment[] comments = [new(VoiceStoreTagNames.Id, message.Id)];
        var forged = Pcm.Encode(Signals.Voice(70_000), new(48_000, 1), new VoiceEncodingOptions { Comments = comments });
        File.WriteAllBytes(Path.Combine(other.FolderOf(VoiceMessageDirection.Received), "forged.opus"), forged);
        var zip = new MemoryStream();
        await other.BackupAsync(zip);
        Assert.Equal(message.Id, Assert.Single(VoiceBackupManifest.Read(zip).Entries).Id);

        var report = await store.RestoreAsync(zip);
        Assert.Equal(VoiceStoreFaultKind.Conflict, Assert.Single(report.Faults).Kind);
        Assert.Equal(bytes, File.ReadAllBytes(message.Path));
    }

    [Fact]
    public async Task Restoring_keeps_what_is_newer_and_mends_what_is_damaged()
    {
        using var folder = new TemporaryFolder();
        using var store = await FillAsync(folder["a"], 2);
        var zip = new MemoryStream();
        await store.BackupAsync(zip);
        var messages = await store.ListAsync().ToListAsync();
        await store.MarkPlayedAsync(messages[0].Id);
        File.SetLastWriteTimeUtc(messages[0].Path, DateTime.UtcNow.AddMinutes(1));
        var bytes = File.ReadAllBytes(messages[1].Path);
        bytes[^10] ^= 1;
        File.WriteAllBytes(messages[1].Path, bytes);
        Assert.Equal(VoiceStoreFaultKind.Damaged, Assert.Single(await store.VerifyAsync()).Kind);
        var report = await store.RestoreAsync(zip);
        Assert.Equal((1, 1, 0), (report.NewerCount, report.ReplacedCount, report.Faults.Count));
        Assert.Empty(await store.VerifyAsync());
        Assert.True((await store.GetAsync(messages[0].Id))!.IsPlayed);
    }

    [Fact]
    public async Task A_hostile_zip_writes_nothing_outside_and_says_what_was_wrong()
    {
        using var folder = new TemporaryFolder();
        var good = NumberedPackets.File(5);
        var bomb = new byte[40_000_000];
        var zip = Zip(
            [
                ("../../evil.opus", good, 0),
                ("/tmp/evil.opus", good, 0),
                ("Sent/../../evil.opus", good, 0),
                ("Sent\\..\\evil.opus", good, 0),
                ("Sent/link.opus", Encoding.UTF8.GetBytes("/etc/passwd"), 0xA1FF),
                ("Sent/bomb.opus", bomb, 0),
                ("Sent/wrong.opus", good, 0),
                ("Sent/two.opus", good, 0), ("Sent/two.opus", bomb[..10], 0), ("Sent/text.opus", "hello"u8.ToArray(), 0),
                ("Received/extra.opus", good, 0),
                (".voicekit/index", good, 0),
                ("Sent/CON.opus", good, 0),
                ("Sent/good.opus", NumberedPackets.File(6), 0),
                ("Sent/GOOD.opus", NumberedPackets.File(7), 0),
            ],
            except: ["Received/extra.opus"], wrong: ["Sent/wrong.opus"], small: ["Sent/bomb.opus"]);
        using var store = new VoiceMessageStore(folder["a/b/store"], Stores.Fast);
        var report = await store.RestoreAsync(zip);
        Assert.Equal(
            ["BadName", "Duplicate", "Link", "NotAMessage", "NotInManifest", "TooLarge", "WrongHash"],
            report.Faults.Select(fault => fault.Kind.ToString()).Where(kind => kind != "Missing").Distinct().Order());
        Assert.Equal(3, report.Restored.Count);
        Assert.Equal(3, (await store.ListAsync().ToListAsync()).Count);
        var outside = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetDirectoryName(path) != store.FolderOf(VoiceMessageDirection.Sent)
                && Path.GetFileName(Path.GetDirectoryName(path)) != ".voicekit");
        Assert.Empty(outside);
        Assert.False(File.Exists("/tmp/evil.opus"));
    }

    [Fact]
    public async Task Broken_zips_give_a_format_error_or_faults_and_only_whole_messages()
    {
        using var folder = new TemporaryFolder();
        using var store = await FillAsync(folder["a"], 3);
        var zip = new MemoryStream();
        await store.BackupAsync(zip);
        var random = new Random(99);
        using var other = new VoiceMessageStore(folder["b"], Stores.Fast);
        var refused = 0;
        for (var i = 0; i < 150; i++)
        {
            try
            {
                await other.RestoreAsync(new MemoryStream(Mutation.Of(zip.ToArray(), random)));
            }
            catch (VoiceFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 149);
        Assert.Empty(await other.VerifyAsync());
        Assert.Subset((await Stores.IdsAsync(store)).ToHashSet(), (await Stores.IdsAsync(other)).ToHashSet());
    }

    // A message out of some other program.
    private static string Drop(VoiceMessageStore store, string name, int number)
    {
        var path = Path.Combine(store.FolderOf(VoiceMessageDirection.Received), name);
        File.WriteAllBytes(path, NumberedPackets.File(20, new OpusWriterOptions { Serial = number }, first: number * 1000));
        return path;
    }

    private static async Task<VoiceMessageStore> FillAsync(string path, int count)
    {
        var store = new VoiceMessageStore(path, Stores.Fast);
        for (var i = 0; i < count; i++)
            await store.AddAsync(
                Stores.Message(i), new() { Time = Stores.Start.AddSeconds(i), Direction = (VoiceMessageDirection)(i % 2) });
        return store;
    }

    private static MemoryStream Zip(
        (string Name, byte[] Bytes, int Mode)[] files, string[] except, string[] wrong, string[] small)
    {
        var stream = new MemoryStream();
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, bytes, mode) in files)
        {
            var entry = zip.CreateEntry(name);
            entry.ExternalAttributes = mode << 16;
            using var content = entry.Open();
            content.Write(bytes);
        }

        var entries = files.DistinctBy(file => file.Name).Where(
            file => !except.Contains(file.Name)).Select(file => new VoiceBackupEntry(
            file.Name,
            "x",
            small.Contains(file.Name) ? 100 : file.Bytes.Length,
            wrong.Contains(file.Name) ? new string('0', 64) : VoiceMessageStore.HashOf(file.Bytes),
            Stores.Start,
            true));
        using (var writer = new ManifestWriter(Stores.Start))
        {
            foreach (var entry in entries)
                writer.Add(entry);
            writer.Finish();
            using var manifest = zip.CreateEntry("manifest.json").Open();
            writer.Bytes.Position = 0;
            writer.Bytes.CopyTo(manifest);
        }

        zip.Dispose();
        return stream;
    }
}
