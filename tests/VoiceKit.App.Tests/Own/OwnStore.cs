using System.Runtime.CompilerServices;
using VoiceKit.Storage;
using VoiceKit.Waveforms;

namespace VoiceKit.App.Tests.Own;

/// <summary>An app's own store: messages as rows in memory, with their bytes.</summary>
internal sealed class OwnStore : IVoiceMessageStore
{
    private readonly List<(StoredVoiceMessage Row, byte[] Bytes)> _rows = [];

    public event EventHandler? Changed;

    public async Task<StoredVoiceMessage> AddAsync(
        VoiceMessage message, VoiceMessageInfo? info = null, CancellationToken cancellationToken = default)
    {
        var bars = info?.Waveform ?? await message.GetWaveformAsync(
            bars: StoredVoiceMessage.BarCount, cancellationToken: cancellationToken);
        return Add(message.ToArray(), message.Duration, bars, info ?? new VoiceMessageInfo());
    }

    public async IAsyncEnumerable<StoredVoiceMessage> ListAsync(
        VoiceMessageQuery? query = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        for (var i = _rows.Count - 1; i >= 0; i--)
        {
            if (query?.Sender is null || _rows[i].Row.Sender == query.Sender)
                yield return _rows[i].Row;
        }
    }

    public Task<StoredVoiceMessage?> GetAsync(string id, CancellationToken cancellationToken = default) =>
        Task.FromResult<StoredVoiceMessage?>(_rows.Find(row => row.Row.Id == id).Row);

    public Task<VoiceMessage?> OpenAsync(string id, CancellationToken cancellationToken = default) =>
        Task.FromResult(_rows.Find(row => row.Row?.Id == id).Bytes is { } bytes ? VoiceMessage.FromBytes(bytes) : null);

    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default) =>
        Task.FromResult(_rows.RemoveAll(row => row.Row.Id == id) > 0);

    public Task<StoredVoiceMessage?> MarkPlayedAsync(
        string id, bool isPlayed = true, CancellationToken cancellationToken = default) =>
        GetAsync(id, cancellationToken);

    public async Task<StoredVoiceMessage?> ForwardAsync(
        string id, string? conversation = null, CancellationToken cancellationToken = default) =>
        await OpenAsync(id, cancellationToken) is { } message
            ? await AddAsync(message, new VoiceMessageInfo { Conversation = conversation, ForwardedCount = 1 }, cancellationToken)
            : null;

    public Task<VoiceBackupReport> BackupAsync(
        Stream output,
        Stream? earlier = null,
        IProgress<VoiceStoreProgress>? progress = null,
        CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<VoiceRestoreReport> RestoreAsync(
        Stream backup, IProgress<VoiceStoreProgress>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<VoiceStoreFault>> VerifyAsync(
        IProgress<VoiceStoreProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<VoiceStoreFault>>([]);

    public void Dispose()
    {
    }

    private StoredVoiceMessage Add(byte[] bytes, TimeSpan duration, Waveform bars, VoiceMessageInfo info)
    {
        var id = $"row {_rows.Count}";
        var row = new StoredVoiceMessage
        {
            Id = id,
            Path = id,
            Time = DateTimeOffset.UnixEpoch,
            Duration = duration,
            Size = bytes.Length,
            Bars = bars.ToBars(),
            Sender = info.Sender,
            Direction = info.Direction,
            Conversation = info.Conversation,
            ForwardedCount = info.ForwardedCount,
        };
        _rows.Add((row, bytes));
        Changed?.Invoke(this, EventArgs.Empty);
        return row;
    }
}
