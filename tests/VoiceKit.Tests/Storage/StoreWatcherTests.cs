using VoiceKit.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Storage;

public class StoreWatcherTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_folder_that_was_deleted_and_made_anew_is_watched(bool isRoot)
    {
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder["store"], Stores.Fast);
        using var other = new VoiceMessageStore(folder["store"], Stores.Fast);
        using var told = new SemaphoreSlim(0);
        store.Changed += (_, _) => told.Release();
        Directory.Delete(isRoot ? folder["store"] : store.FolderOf(VoiceMessageDirection.Sent), recursive: true);

        // A store makes what is missing; the one that listens is the only one that hears of it when all is gone.
        await (isRoot ? store : other).AddAsync(Stores.Message(1));
        await QuietAsync(told);
        await other.AddAsync(Stores.Message(2));
        Assert.True(await told.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_handler_that_throws_ends_nothing_and_is_told()
    {
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder.Path, Stores.Fast);
        using var told = new SemaphoreSlim(0);
        using var failures = new HandlerFailures();
        store.Changed += (_, _) => throw new InvalidOperationException("The app's own fault.");
        store.Changed += (_, _) => told.Release();
        await store.AddAsync(Stores.Message(1));
        Assert.True(await told.WaitAsync(Patience));
        Assert.Equal("The app's own fault.", failures.Of(store)[0].Exception.Message);
    }

    // Until nothing more comes: events are gathered for 100 ms, and those of one change come together.
    private static async Task QuietAsync(SemaphoreSlim told)
    {
        while (await told.WaitAsync(TimeSpan.FromSeconds(2)))
        {
        }
    }
}
