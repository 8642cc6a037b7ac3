using Microsoft.Extensions.DependencyInjection;
using VoiceKit.Audio;
using VoiceKit.Importing;
using VoiceKit.LibOpus;
using VoiceKit.Storage;

namespace VoiceKit.DependencyInjection.Tests;

/// <summary>An app's own store and importer take the place of the library's, and the rest of the library takes them.</summary>
public class OwnStoreTests
{
    [Fact]
    public async Task An_apps_own_classes_are_used()
    {
        using var folder = new TemporaryFolder();
        var services = new ServiceCollection();
        services.AddSingleton<IVoiceMessageStore, ListStore>();
        services.AddSingleton<IVoiceImporter, OwnImporter>();
        services.AddVoiceKit(b => b.UseLibOpus());
        await using var provider = services.BuildServiceProvider();
        var importer = provider.GetRequiredService<IVoiceImporter>();
        var store = provider.GetRequiredService<IVoiceMessageStore>();

        Assert.Equal("my own", (await importer.PreviewAsync("anything")).Content);
        var stored = await store.AddAsync(await importer.ImportAsync("anything"), new VoiceMessageInfo { Sender = "Anna" });
        Assert.Equal("Anna", (await store.ListAsync().SingleAsync()).Sender);
        Assert.True(await store.ExportAsync(stored.Id, folder["out.opus"]));
        Assert.True(await store.ExportWavAsync(stored.Id, folder["out.wav"], LibOpusCodec.Default));
        Assert.False(await store.ExportAsync("none", folder["none.opus"]));
        Assert.Equal(stored.Duration, (await VoiceMessage.OpenAsync(folder["out.opus"])).Duration);
        Assert.True(new FileInfo(folder["out.wav"]).Length > 16_000);
    }

    private sealed class OwnImporter : IVoiceImporter
    {
        public Task<VoiceMessage> ImportAsync(
            string path,
            VoiceImportOptions? options,
            IProgress<VoiceImportProgress>? progress,
            CancellationToken cancellationToken) =>
            VoiceMessage.EncodeAsync(
                new float[48_000], new AudioFormat(48_000, 1), LibOpusCodec.Default, cancellationToken: cancellationToken);

        public Task<VoiceMessage> ImportAsync(
            Stream stream,
            VoiceImportOptions? options,
            IProgress<VoiceImportProgress>? progress,
            CancellationToken cancellationToken) =>
            ImportAsync("", options, progress, cancellationToken);

        public Task<VoiceImportPreview> PreviewAsync(
            string path,
            VoiceImportOptions? options,
            IProgress<VoiceImportProgress>? progress,
            CancellationToken cancellationToken) =>
            Task.FromResult(new VoiceImportPreview
            {
                Content = "my own",
                Action = VoiceImportAction.Encode,
                Duration = TimeSpan.FromSeconds(1),
                SourceDuration = TimeSpan.FromSeconds(1),
                TrimmedStart = default,
                TrimmedEnd = default,
                Cut = default,
                IsRefused = false,
                EstimatedSize = 0,
                Loudness = double.NegativeInfinity,
                Gain = 0,
                Waveform = VoiceKit.Waveforms.Waveform.FromLevels([0, 1]),
            });

        public Task<VoiceImportPreview> PreviewAsync(
            Stream stream,
            VoiceImportOptions? options,
            IProgress<VoiceImportProgress>? progress,
            CancellationToken cancellationToken) =>
            PreviewAsync("", options, progress, cancellationToken);
    }

    /// <summary>Messages in a list.</summary>
    private sealed class ListStore : IVoiceMessageStore
    {
        private readonly List<(StoredVoiceMessage Stored, VoiceMessage Message)> _all = [];

        public event EventHandler? Changed;

        public Task<StoredVoiceMessage> AddAsync(
            VoiceMessage message, VoiceMessageInfo? info, CancellationToken cancellationToken)
        {
            var stored = new StoredVoiceMessage
            {
                Id = $"{_all.Count}",
                Path = "",
                Sender = info?.Sender,
                Time = DateTimeOffset.UnixEpoch,
                Duration = message.Duration,
                Size = message.Size,
            };
            _all.Add((stored, message));
            Changed?.Invoke(this, EventArgs.Empty);
            return Task.FromResult(stored);
        }

        public IAsyncEnumerable<StoredVoiceMessage> ListAsync(VoiceMessageQuery? query, CancellationToken cancellationToken) =>
            _all.Select(one => one.Stored).Reverse().ToAsyncEnumerable();

        public Task<StoredVoiceMessage?> GetAsync(string id, CancellationToken cancellationToken) =>
            Task.FromResult(_all.Select(one => one.Stored).SingleOrDefault(stored => stored.Id == id));

        public Task<VoiceMessage?> OpenAsync(string id, CancellationToken cancellationToken) =>
            Task.FromResult(_all.Where(one => one.Stored.Id == id).Select(one => one.Message).SingleOrDefault());

        public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) =>
            Task.FromResult(_all.RemoveAll(one => one.Stored.Id == id) > 0);

        public Task<StoredVoiceMessage?> MarkPlayedAsync(string id, bool isPlayed, CancellationToken cancellationToken) =>
            GetAsync(id, cancellationToken);

        public Task<StoredVoiceMessage?> ForwardAsync(string id, string? conversation, CancellationToken cancellationToken) =>
            GetAsync(id, cancellationToken);

        public Task<VoiceBackupReport> BackupAsync(
            Stream output, Stream? earlier, IProgress<VoiceStoreProgress>? progress, CancellationToken cancellationToken) =>
            Task.FromResult(new VoiceBackupReport { WrittenCount = _all.Count });

        public Task<VoiceRestoreReport> RestoreAsync(
            Stream backup, IProgress<VoiceStoreProgress>? progress, CancellationToken cancellationToken) =>
            Task.FromResult(new VoiceRestoreReport { UnchangedCount = _all.Count });

        public Task<IReadOnlyList<VoiceStoreFault>> VerifyAsync(
            IProgress<VoiceStoreProgress>? progress, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<VoiceStoreFault>>([]);

        public void Dispose()
        {
        }
    }
}
