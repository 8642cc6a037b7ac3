using VoiceKit.Importing;
using VoiceKit.Playback;
using VoiceKit.Recording;
using VoiceKit.Storage;

namespace VoiceKit.App.Tests;

/// <summary>What an app writes itself: it knows interfaces alone, so that each part behind them can be another.</summary>
internal sealed class VoiceNotePage(
    IVoiceRecorder recorder, IVoiceImporter importer, IVoiceMessageStore store, IVoicePlayer player)
{
    /// <summary>Records until a task has ended, and keeps the message with the bars that the recorder has seen.</summary>
    public async Task<StoredVoiceMessage> RecordAsync(Task released)
    {
        await recorder.StartAsync();
        await released;
        var message = await recorder.FinishAsync() ?? throw new InvalidOperationException("It was too short.");
        var bars = recorder.GetWaveform(StoredVoiceMessage.BarCount);
        return await store.AddAsync(message, new VoiceMessageInfo { Sender = "me", Waveform = bars });
    }

    /// <summary>Keeps what was recorded elsewhere.</summary>
    public async Task<StoredVoiceMessage> ImportAsync(Stream file, string sender) => await store.AddAsync(
        await importer.ImportAsync(file), new VoiceMessageInfo { Sender = sender, Direction = VoiceMessageDirection.Received });

    /// <summary>Begins to play a message that is kept.</summary>
    public async Task PlayAsync(string id)
    {
        await player.LoadAsync(await store.OpenAsync(id) ?? throw new InvalidOperationException("It is gone."));
        await player.PlayAsync();
    }
}
