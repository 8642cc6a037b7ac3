using VoiceKit.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Storage;

/// <summary>Clocks that are set back or forward, time zones and leap days: order, names and backups stay right.</summary>
public class StoreClockTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(366)]
    [InlineData(-4000)]
    public async Task After_a_clock_was_set_messages_are_found_in_the_order_of_their_times(int days)
    {
        using var folder = new TemporaryFolder();
        var clock = new ZonedClock(Stores.Start, TimeZoneInfo.Utc);
        var options = new VoiceMessageStoreOptions { Clock = clock, Durability = VoiceStoreDurability.ProcessEnd };
        using var store = new VoiceMessageStore(folder["a"], options);
        var before = await store.AddAsync(Stores.Message(1));
        clock.Now += TimeSpan.FromDays(days);
        var after = await store.AddAsync(Stores.Message(2));
        clock.Now += TimeSpan.FromSeconds(1);
        var last = await store.AddAsync(Stores.Message(3));
        string[] expected = days < 0 ? [before.Id, last.Id, after.Id] : [last.Id, after.Id, before.Id];
        Assert.Equal(expected, await Stores.IdsAsync(store));
        File.Delete(Path.Combine(folder["a"], ".voicekit", "index"));
        Assert.Equal(expected, await Stores.IdsAsync(store));
        Assert.Equal(3, new[] { before.Path, after.Path, last.Path }.Distinct().Count());

        var zip = new MemoryStream();
        await store.BackupAsync(zip);
        using var other = new VoiceMessageStore(folder["b"], options);
        Assert.Equal(3, (await other.RestoreAsync(zip)).Restored.Count);
        Assert.Equal(expected, await Stores.IdsAsync(other));
        Assert.Equal(3, (await other.RestoreAsync(zip)).UnchangedCount);
    }

    [Theory]
    [InlineData("2028-02-28T23:30:00Z", 1, "20280229")]
    [InlineData("2028-02-29T23:59:59.999Z", 0, "20280229")]
    [InlineData("2027-12-31T23:30:00Z", 14, "20280101")]
    [InlineData("2028-01-01T00:30:00Z", -10, "20271231")]
    [InlineData("2027-02-28T23:30:00Z", 1, "20270301")]
    public async Task Names_have_the_date_of_the_persons_own_time_zone(string time, int hours, string date)
    {
        using var folder = new TemporaryFolder();
        var zone = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(hours), "test", "test");
        using var store = new VoiceMessageStore(folder.Path, new() { Clock = new ZonedClock(DateTimeOffset.Parse(time), zone) });
        var added = await store.AddAsync(Stores.Message(1));
        Assert.Equal($"PTT-{date}-0001.opus", Path.GetFileName(added.Path));
        Assert.Equal(DateTimeOffset.Parse(time), (await store.GetAsync(added.Id))!.Time);
    }

    [Fact]
    public async Task A_restored_file_is_not_of_a_time_that_the_clock_has_not_reached()
    {
        using var folder = new TemporaryFolder();
        var clock = new ManualTimeProvider(Stores.Start);
        using var store = new VoiceMessageStore(folder["a"], new() { Clock = clock });
        var added = await store.AddAsync(Stores.Message(1));
        File.SetLastWriteTimeUtc(added.Path, Stores.Start.UtcDateTime.AddHours(-5));
        var (past, future) = (new MemoryStream(), new MemoryStream());
        await store.BackupAsync(past);
        File.SetLastWriteTimeUtc(added.Path, Stores.Start.UtcDateTime.AddHours(5));
        await store.BackupAsync(future);
        foreach (var (zip, expected) in new[] { (past, -5), (future, 0) })
        {
            using var other = new VoiceMessageStore(folder[$"b{expected}"], new() { Clock = clock });
            var restored = Assert.Single((await other.RestoreAsync(zip)).Restored);
            Assert.Equal(Stores.Start.UtcDateTime.AddHours(expected), File.GetLastWriteTimeUtc(restored.Path));
        }
    }

    private sealed class ZonedClock(DateTimeOffset now, TimeZoneInfo zone) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now.ToUniversalTime();

        public override TimeZoneInfo LocalTimeZone => zone;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
