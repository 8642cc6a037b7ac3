using VoiceKit.Audio;
using VoiceKit.Playback;
using VoiceKit.Recording;
using VoiceKit.Storage;

namespace VoiceKit.Docs.Tests.Pages;

public class DesktopPage : DocsPage
{
    [Fact]
    public async Task Example_of_the_button_works()
    {
        await using var devices = await VoiceDevices.OpenAsync();
        using var store = new VoiceMessageStore("voices");
        await using var button = new VoiceButton(devices, store, action => action());
        var (heard, sent) = (new List<float[]>(), new List<StoredVoiceMessage>());
        button.Heard += (_, bars) => heard.Add(bars);
        button.Sent += sent.Add;

        await button.PressedAsync();
        for (var i = 0; heard.Count == 0 || !heard[^1].Any(bar => bar > 0); i++)
        {
            Assert.True(i < 3000, "The button never began to record.");
            await button.TickAsync();
            await Task.Delay(10);
        }

        await button.MovedAsync(0, -200);
        await button.ReleasedAsync();
        Assert.Empty(sent);
        await Task.Delay(TimeSpan.FromSeconds(1.1));
        await button.SendAsync();
        Assert.InRange(Assert.Single(sent).Duration.TotalSeconds, 1, 60);
        Assert.InRange(Loudest(sent[0].Path), 0.1, 1);
        Assert.Equal(64, sent[0].Bars.Count);

        await button.PressedAsync();
        await button.ReleasedAsync();
        Assert.Single(sent);
    }

    [Fact]
    public async Task Examples_of_the_row_and_the_devices_work()
    {
        await using var devices = await VoiceDevices.OpenAsync();       // WASAPI on Windows, PulseAudio or PipeWire on Linux

        static void post(Action action) => action();                     // stands for the call that goes to the window's thread
        using var store = new VoiceMessageStore("voices");
        var stored = await store.AddAsync(await VoiceMessage.OpenAsync("message.opus"));
        await using var player = new VoicePlayer(await devices.OpenOutputAsync());
        player.PositionChanged += (_, now) =>
            post(() => Console.WriteLine($"{now.Position.TotalSeconds:F1} of {now.Duration.TotalSeconds:F1} s"));
        if (await store.OpenAsync(stored.Id) is { } message)
        {
            await player.LoadAsync(message);
            player.Speed = 1.5;                                          // at the same pitch
            await player.PlayAsync();
            await store.MarkPlayedAsync(stored.Id);                      // while it plays: the file may change
        }

        Assert.True((await store.GetAsync(stored.Id))!.IsPlayed);
        Assert.True(player.State is PlaybackState.Playing or PlaybackState.Ended, player.State.ToString());

        devices.Changed += (_, _) => post(() => Console.WriteLine("list the devices again"));
        foreach (var device in await devices.ListAsync())
            Console.WriteLine($"{device.Kind} {device.Name} {(device.IsDefault ? "(default)" : "")}");
    }
}

public sealed class VoiceButton(IAudioDevices devices, IVoiceMessageStore store, Action<Action> post) : IAsyncDisposable
{
    private readonly HoldToRecord _button = new();
    private IVoiceRecorder? _recorder;

    public event Action<TimeSpan, float[]>? Heard;               // how long, and the bars to draw

    public event Action<StoredVoiceMessage>? Sent;

    public event Action<string>? Failed;

    public Task PressedAsync() => DoAsync(_button.Press());

    public Task MovedAsync(double dx, double dy) => DoAsync(_button.Move(dx, dy));

    public Task ReleasedAsync() => DoAsync(_button.Release());

    public Task TickAsync() => DoAsync(_button.Tick());          // a timer of the window, some 20 times a second

    public Task SendAsync() => DoAsync(_button.Send());          // the arrow that is shown when it is locked

    public async ValueTask DisposeAsync()
    {
        if (_recorder is not null)
            await _recorder.DisposeAsync();                      // what was said stays as a draft
    }

    private Task DoAsync(HoldToRecordAction action) => action switch
    {
        HoldToRecordAction.Start => StartAsync(),
        HoldToRecordAction.Pause => _recorder!.PauseAsync(),
        HoldToRecordAction.Resume => _recorder!.ResumeAsync(),
        HoldToRecordAction.Send => FinishAsync(),
        HoldToRecordAction.Discard or HoldToRecordAction.TooShort => DiscardAsync(),
        _ => Task.CompletedTask,
    };

    private async Task StartAsync()
    {
        var recorder = new VoiceRecorder(await devices.OpenInputAsync(), VoiceCodec.Default);
        _recorder = recorder;
        recorder.Progress += (_, now) =>
        {
            var bars = new float[40];
            recorder.GetBars(bars);
            post(() => Heard?.Invoke(now.Elapsed, bars));
        };
        recorder.StateChanged += (_, change) =>
        {
            if (change.Fault is { } fault)                       // unplugged, taken by another app, a full disk: the draft is kept
                post(() => Failed?.Invoke(fault.Message));
        };
        await recorder.StartAsync();
    }

    private async Task FinishAsync()
    {
        await using var recorder = _recorder!;
        _recorder = null;
        if (await recorder.FinishAsync() is { } message)
            Sent?.Invoke(await store.AddAsync(message, new VoiceMessageInfo { Waveform = recorder.GetWaveform(64) }));
    }

    private async Task DiscardAsync()
    {
        if (_recorder is not { } recorder)
            return;                                              // let go before it began
        _recorder = null;
        await using (recorder)
            await recorder.DiscardAsync();
    }
}
