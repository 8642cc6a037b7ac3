using System.IO.Compression;
using System.Text;
using VoiceKit.Ogg;
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
        var report = await store.BackupAsync(more, new() { Since = VoiceBackupManifest.Read(full) });
        Assert.Equal((1, 4), (report.WrittenCount, report.Manifest.Entries.Count));
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
    public async Task A_damaged_message_is_not_replaced_by_another_that_claims_its_id()
    {
        using var folder = new TemporaryFolder();
        using var store = await FillAsync(folder["a"], 1);
        var message = Assert.Single(await store.ListAsync());
        var bytes = File.ReadAllBytes(message.Path);
        bytes[^10] ^= 1;
        File.WriteAllBytes(message.Path, bytes);

        using var other = new VoiceMessageStore(folder["b"]);
        OpusComment[] comments = [new(StoreTagNames.Id, message.Id)];
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
        var messages = await store.ListAsync();
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
                ("../../evil.opus", good, 0), ("/tmp/evil.opus", good, 0), ("Sent/../../evil.opus", good, 0), ("Sent\\..\\evil.opus", good, 0),
                ("Sent/link.opus", Encoding.UTF8.GetBytes("/etc/passwd"), 0xA1FF), ("Sent/bomb.opus", bomb, 0), ("Sent/wrong.opus", good, 0),
                ("Sent/two.opus", good, 0), ("Sent/two.opus", bomb[..10], 0), ("Sent/text.opus", "hello"u8.ToArray(), 0),
                ("Received/extra.opus", good, 0), (".voicekit/index", good, 0), ("Sent/CON.opus", good, 0), ("Sent/good.opus", NumberedPackets.File(6), 0),
                ("Sent/GOOD.opus", NumberedPackets.File(7), 0),
            ],
            except: ["Received/extra.opus"], wrong: ["Sent/wrong.opus"], small: ["Sent/bomb.opus"]);
        using var store = new VoiceMessageStore(folder["a/b/store"], Stores.Fast);
        var report = await store.RestoreAsync(zip);
        Assert.Equal(
            ["BadName", "Duplicate", "Link", "NotAMessage", "NotInManifest", "TooLarge", "WrongHash"],
            report.Faults.Select(fault => fault.Kind.ToString()).Where(kind => kind != "Missing").Distinct().Order());
        Assert.Equal(3, report.Restored.Count);
        Assert.Equal(3, (await store.ListAsync()).Count);
        var outside = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories)
            .Where(path => !path.StartsWith(store.FolderOf(VoiceMessageDirection.Sent) + "/") && !path.Contains("/.voicekit/"));
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

    private static async Task<VoiceMessageStore> FillAsync(string path, int count)
    {
        var store = new VoiceMessageStore(path, Stores.Fast);
        for (var i = 0; i < count; i++)
            await store.AddAsync(Stores.Message(i), new() { Time = Stores.Start.AddSeconds(i), Direction = (VoiceMessageDirection)(i % 2) });
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

        var entries = files.DistinctBy(file => file.Name).Where(file => !except.Contains(file.Name)).Select(file => new VoiceBackupEntry(
            file.Name,
            "x",
            small.Contains(file.Name) ? 100 : file.Bytes.Length,
            wrong.Contains(file.Name) ? new string('0', 64) : VoiceMessageStore.HashOf(file.Bytes),
            Stores.Start,
            true));
        using (var manifest = zip.CreateEntry("manifest.json").Open())
            manifest.Write(new VoiceBackupManifest(Stores.Start, [.. entries]).ToJson());
        zip.Dispose();
        return stream;
    }
}
