using VoiceKit.Storage;

namespace VoiceKit.Fuzz.Targets;

/// <summary>A backup. Nothing is written outside the store, and what is restored is listed and whole.</summary>
public sealed class RestoreTarget(ITestOutputHelper output) : FuzzTarget(output)
{
    private static readonly VoiceMessageStoreOptions Fast = new() { Durability = VoiceStoreDurability.ProcessEnd };

    protected override int Runs => 200;

    protected override IReadOnlyList<byte[]> MakeSeeds() => Seeds.Backups;

    // Entries unpack to more than they take.
    protected override long SizeOf(byte[] input) => 16 << 20;

    protected override void Read(byte[] input) => Restore(input, (_, _) => { });

    protected override void Check(byte[] input) => Restore(input, (store, report) =>
    {
        Assert.All(report.Restored, message => Assert.NotNull(store.GetAsync(message.Id).GetAwaiter().GetResult()));
        Assert.Empty(store.VerifyAsync().GetAwaiter().GetResult());
    });

    private static void Restore(byte[] input, Action<VoiceMessageStore, VoiceRestoreReport> check)
    {
        var folder = Memory.NewFolder();
        try
        {
            var outer = folder.CreateSubdirectory("outer");
            using (var store = new VoiceMessageStore(Path.Combine(outer.FullName, "store"), Fast))
                check(store, store.RestoreAsync(new MemoryStream(input)).GetAwaiter().GetResult());
            Assert.Equal("store", Assert.Single(outer.GetFileSystemInfos()).Name);
            Assert.Single(folder.GetFileSystemInfos());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
