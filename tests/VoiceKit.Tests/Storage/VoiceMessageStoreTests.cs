using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Storage;
using VoiceKit.Tests.Support;
using VoiceKit.Waveforms;

namespace VoiceKit.Tests.Storage;

public class VoiceMessageStoreTests
{
    [Fact]
    public async Task A_file_too_large_for_a_backup_is_told_of_and_not_forwarded()
    {
        using var folder = new TemporaryFolder();
        var options = new VoiceMessageStoreOptions { Durability = VoiceStoreDurability.ProcessEnd, MaxMessageSize = 1000 };
        using var store = new VoiceMessageStore(folder.Path, options);
        var large = Stores.Message(1, packets: 5000);
        await large.SaveAsync(Path.Combine(store.FolderOf(VoiceMessageDirection.Sent), "large.opus"));
        var listed = Assert.Single(await store.ListAsync().ToListAsync());
        Assert.Equal(VoiceStoreFaultKind.TooLarge, Assert.Single(await store.VerifyAsync()).Kind);
        await Assert.ThrowsAsync<IOException>(() => store.ForwardAsync(listed.Id));
        using var zip = new MemoryStream();
        Assert.Equal(VoiceStoreFaultKind.TooLarge, Assert.Single((await store.BackupAsync(zip)).Faults).Kind);
        Assert.Single(await store.ListAsync().ToListAsync());
    }

    [Fact]
    public async Task What_adding_returns_is_what_is_read_later()
    {
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder.Path, Stores.Fast);
        var heights = Enumerable.Range(0, 100).Select(i => (i * 37 % 101) / 101f).ToArray();
        var info = new VoiceMessageInfo
        {
            Sender = "Ada",
            Conversation = "Ada and I",
            Waveform = VoiceKit.Waveforms.Waveform.FromLevels(heights),
        };
        var added = await store.AddAsync(Stores.Message(1), info);
        var read = await store.GetAsync(added.Id);
        Assert.Equal(StoredVoiceMessage.BarCount, added.Bars.Count);
        Assert.Equal(read!.Bars, added.Bars);
        Assert.Equal(read.ToString(), added.ToString());
        Assert.Equal((read.Sender, read.Conversation, read.Path), (added.Sender, added.Conversation, added.Path));
        Assert.Equal(("Ada", "Ada and I"), (read.Sender, read.Conversation));
    }

    [Fact]
    public async Task A_message_is_a_file_that_says_everything_of_itself()
    {
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder["store"], new() { Clock = new ManualTimeProvider(Stores.Start) });
        var message = Stores.Message(1);
        float[] levels = [0, 0.25f, 1];
        var added = await store.AddAsync(message, new VoiceMessageInfo
        {
            Direction = VoiceMessageDirection.Received,
            Sender = "Zoë",
            ForwardedCount = 3,
            Waveform = new Waveform(levels, levels, 1, message.Duration),
        });

        Assert.Equal(Path.Combine(folder["store"], "Received", "PTT-20261121-0001.opus"), added.Path);
        using (var copy = new VoiceMessageStore(folder["copy"]))
            File.Copy(added.Path, Path.Combine(copy.FolderOf(VoiceMessageDirection.Received), "renamed.opus"));
        using var other = new VoiceMessageStore(folder["copy"]);
        var read = Assert.Single(await other.ListAsync().ToListAsync());
        Assert.Equal(("Zoë", Stores.Start, 3, false), (read.Sender, read.Time, read.ForwardedCount, read.IsPlayed));
        Assert.Equal((added.Id, message.Duration, new FileInfo(added.Path).Length), (read.Id, read.Duration, read.Size));
        Assert.Equal(StoredVoiceMessage.BarCount, read.Bars.Count);
        Assert.All(read.Bars.Zip(added.Bars), pair => Assert.InRange(pair.First - pair.Second, -0.003f, 0.003f));
        Assert.Empty(Oracle.Warnings(added.Path));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(added.Path));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(Path.GetDirectoryName(added.Path)!));
        }
    }

    [Theory]
    [InlineData(VoiceStoreDurability.PowerLoss)]
    [InlineData(VoiceStoreDurability.ProcessEnd)]
    public async Task Marking_and_forwarding_keep_the_audio_bit_for_bit(VoiceStoreDurability durability)
    {
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder.Path, new() { Durability = durability });
        var added = await store.AddAsync(
            Stores.Message(1, 300), new() { Direction = VoiceMessageDirection.Received, Sender = "x" });
        var audio = Stores.AudioOf(added.Path);
        Assert.True((await store.MarkPlayedAsync(added.Id))!.IsPlayed);
        Assert.True((await store.GetAsync(added.Id))!.IsPlayed);
        var forwarded = (await store.ForwardAsync(added.Id))!;
        var again = (await store.ForwardAsync(forwarded.Id))!;
        Assert.Equal(
            (2, VoiceMessageDirection.Sent, null, false), (again.ForwardedCount, again.Direction, again.Sender, again.IsPlayed));
        Assert.All(new[] { added, forwarded, again }, message => Assert.Equal(audio, Stores.AudioOf(message.Path)));
        Assert.Equal(3, (await Stores.IdsAsync(store)).Distinct().Count());
        Assert.Empty(await store.VerifyAsync());
        Assert.Null(await store.ForwardAsync("nothing"));
        Assert.Null(await store.MarkPlayedAsync("../../etc/passwd"));
    }

    [Fact]
    public async Task Pages_hold_every_message_once_newest_first()
    {
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder.Path, Stores.Fast);
        var random = new Random(5);
        var times = new List<DateTimeOffset>();
        for (var i = 0; i < 300; i++)
        {
            // Some at one time.
            times.Add(Stores.Start.AddSeconds(random.Next(150)));
            await store.AddAsync(Stores.Message(i, 1), new() { Time = times[i], Direction = (VoiceMessageDirection)(i % 2) });
        }

        await store.ListAsync().ToListAsync();
        var listed = new List<StoredVoiceMessage>();
        while (true)
        {
            var page = await store.ListAsync(new() { Limit = 7, Before = listed.LastOrDefault() }).ToListAsync();
            if (page.Count == 0)
                break;
            listed.AddRange(page);
        }

        Assert.Equal(times.OrderDescending(), listed.Select(message => message.Time));
        Assert.Equal(300, listed.Select(message => message.Id).Distinct().Count());
        Assert.All(
            await store.ListAsync(new() { Limit = 1000, Direction = VoiceMessageDirection.Sent }).ToListAsync(),
            message => Assert.Equal(VoiceMessageDirection.Sent, message.Direction));
    }

    [Fact]
    public async Task Files_may_be_put_there_renamed_and_deleted_by_hand()
    {
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder.Path, Stores.Fast);
        var kept = await store.AddAsync(Stores.Message(1));
        var gone = await store.AddAsync(Stores.Message(2));
        Assert.Equal(2, (await store.ListAsync().ToListAsync()).Count);
        File.Delete(gone.Path);
        File.Move(kept.Path, Path.Combine(store.FolderOf(VoiceMessageDirection.Received), "Grüße 1.opus"));
        var dropped = Path.Combine(store.FolderOf(VoiceMessageDirection.Received), "dropped.ogg");
        File.WriteAllBytes(dropped, NumberedPackets.File(30));
        File.SetLastWriteTimeUtc(dropped, Stores.Start.UtcDateTime);
        File.WriteAllText(Path.Combine(store.FolderOf(VoiceMessageDirection.Sent), "note.opus"), "no message");
        File.CreateSymbolicLink(Path.Combine(store.FolderOf(VoiceMessageDirection.Sent), "link.opus"), dropped);

        var listed = await store.ListAsync().ToListAsync();
        Assert.Equal(2, listed.Count);
        Assert.Equal("Grüße 1.opus", Path.GetFileName((await store.GetAsync(kept.Id))!.Path));
        var found = listed.Single(message => message.Path == dropped);
        Assert.Equal((Stores.Start, 0, false), (found.Time, found.ForwardedCount, found.IsPlayed));
        Assert.Null(await store.GetAsync(gone.Id));
        Assert.False(await store.DeleteAsync(gone.Id));

        // From now on the file itself says what was derived.
        await store.MarkPlayedAsync(found.Id);
        File.Move(dropped, dropped + ".opus");
        Assert.Equal((Stores.Start, true), ((await store.GetAsync(found.Id))!.Time, (await store.GetAsync(found.Id))!.IsPlayed));
        Directory.Delete(folder.Path, recursive: true);
        Assert.Empty(await store.ListAsync().ToListAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(64)]
    [InlineData(1000)]
    [InlineData(-1)]
    public async Task A_broken_or_deleted_index_is_made_anew(int at)
    {
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder.Path, Stores.Fast);
        for (var i = 0; i < 8; i++)
            await store.AddAsync(Stores.Message(i, 1));
        var ids = await Stores.IdsAsync(store);
        var path = Path.Combine(folder.Path, ".voicekit", "index");
        var bytes = File.ReadAllBytes(path);
        if (at < 0)
        {
            File.Delete(path);
        }
        else
        {
            bytes[at] ^= 0x40;
            File.WriteAllBytes(path, bytes);
        }

        Assert.Equal(ids, await Stores.IdsAsync(store));
        using var other = new VoiceMessageStore(folder.Path, Stores.Fast);
        Assert.Equal(ids, await Stores.IdsAsync(other));
    }

    [Fact]
    public async Task Two_stores_on_one_folder_lose_nothing()
    {
        using var folder = new TemporaryFolder();
        using var first = new VoiceMessageStore(folder.Path, Stores.Fast);
        using var second = new VoiceMessageStore(folder.Path, Stores.Fast);
        var stores = new[] { first, second };
        var added = await Task.WhenAll(Enumerable.Range(0, 80).Select(async i =>
        {
            var message = await stores[i % 2].AddAsync(Stores.Message(i, 1), new() { Time = Stores.Start });
            if (i % 4 == 0)
                await stores[(i + 1) % 2].MarkPlayedAsync(message.Id);
            if (i % 4 != 1)
                return message;
            Assert.True(await stores[(i + 1) % 2].DeleteAsync(message.Id));
            return null;
        }));
        var expected = added.OfType<StoredVoiceMessage>().Select(message => message.Id).Order().ToArray();
        Assert.Equal(60, expected.Length);
        foreach (var store in stores)
            Assert.Equal(expected, (await Stores.IdsAsync(store)).Order());
        Assert.Equal(20, (await first.ListAsync(new() { Limit = 100 }).ToListAsync()).Count(message => message.IsPlayed));
    }

    [Fact]
    public async Task Exports_say_nothing_of_the_store()
    {
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder["store"], Stores.Fast);
        var added = await store.AddAsync(Stores.Message(1), new() { Sender = "secret" });
        Assert.True(await store.ExportAsync(added.Id, folder["out.opus"]));
        Assert.Equal(Stores.AudioOf(added.Path), Stores.AudioOf(folder["out.opus"]));
        Assert.DoesNotContain(OggOpusTagEdit.Read(folder["out.opus"]).Comments, comment => comment.Name.StartsWith("VOICEKIT_"));
        Assert.True(await store.ExportWavAsync(added.Id, folder["out.wav"], LibOpusCodec.Default));
        using (var wav = VoiceKit.Audio.WavReader.Open(folder["out.wav"]))
            Assert.Equal(added.Duration, wav.Format.DurationOf(wav.FrameCount!.Value));
        Assert.False(await store.ExportAsync("nothing", folder["x.opus"]));
        Assert.False(File.Exists(folder["x.opus"]));
    }

    [Fact]
    public async Task Changes_by_anyone_are_told()
    {
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder.Path, Stores.Fast);
        using var other = new VoiceMessageStore(folder.Path, Stores.Fast);
        using var told = new SemaphoreSlim(0);
        store.Changed += (_, _) => told.Release();
        await other.AddAsync(Stores.Message(1));
        Assert.True(await told.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task What_is_no_id_or_too_much_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder.Path, new() { MaxMessageSize = 400 });
        foreach (var id in new[] { "", "../x", "a/b", ".a", new string('a', 65), "ä" })
            await Assert.ThrowsAsync<ArgumentException>(() => store.AddAsync(Stores.Message(1, 1), new() { Id = id }));
        await Assert.ThrowsAsync<ArgumentException>(() => store.AddAsync(Stores.Message(1, 100)));
        await Assert.ThrowsAsync<ArgumentException>(
            () => store.AddAsync(Stores.Message(1, 1), new() { Direction = (VoiceMessageDirection)2 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => store.FolderOf((VoiceMessageDirection)(-1)));
        await store.AddAsync(Stores.Message(1, 1), new() { Id = "own-1" });
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.AddAsync(Stores.Message(1, 1), new() { Id = "own-1" }));
        Assert.Single(await store.ListAsync().ToListAsync());
    }
}
