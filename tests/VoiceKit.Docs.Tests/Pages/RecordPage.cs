using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Recording;

namespace VoiceKit.Docs.Tests.Pages;

public class RecordPage : DocsPage
{
    [Fact]
    public async Task First_example_works()
    {
        await using var devices = await VoiceDevices.OpenAsync();
        var released = Task.Run(Console.ReadLine);
        await using var recorder = new VoiceRecorder(await devices.OpenInputAsync(), LibOpusCodec.Default);
        recorder.Progress += (_, now) => Console.Write($"\r{now.Elapsed.TotalSeconds:F1} s {now.Rms:F0} dB");
        await recorder.StartAsync();
        await released;
        var message = await recorder.FinishToFileAsync("mine.opus");    // null: too short to be a message

        Assert.InRange(message!.Duration.TotalSeconds, 1.5, 60);
        Assert.InRange(Loudest("mine.opus"), 0.1, 1);
    }

    [Fact]
    public async Task Example_of_a_pause_works()
    {
        await using var devices = await VoiceDevices.OpenAsync();
        await using var recorder = new VoiceRecorder(
            await devices.OpenInputAsync(), LibOpusCodec.Default, new VoiceRecorderOptions { Drafts = null });
        await recorder.StartAsync();

        await recorder.PauseAsync();
        var soFar = await recorder.OpenDraftAsync();                    // to listen to; recording may go on after it
        await recorder.ResumeAsync();                                   // no gap: pauses don't count
        await recorder.PauseAsync();
        var best = await recorder.FinishAsync(keepFrom: TimeSpan.FromSeconds(0.5));

        Assert.InRange(soFar.Duration.TotalSeconds, 1.4, 60);
        Assert.Equal(recorder.Elapsed.TotalSeconds - 0.5, best!.Duration.TotalSeconds, 0.001);
    }

    [Fact]
    public async Task Example_of_bars_and_limits_works()
    {
        await using var devices = await VoiceDevices.OpenAsync();
        var released = Task.Run(Console.ReadLine);

        var options = new VoiceRecorderOptions
        {
            MaxDuration = TimeSpan.FromMinutes(15),                     // pauses there and keeps the draft
            HighPass = 80,                                              // Hz, against rumble
            AutomaticGain = new AutomaticGainOptions(),                 // a quiet voice becomes loud
        };
        await using var limited = new VoiceRecorder(await devices.OpenInputAsync(), LibOpusCodec.Default, options);
        limited.LimitNear += (_, left) => Console.WriteLine($"{left.TotalSeconds:F0} s left");
        await limited.StartAsync();
        await released;
        var heights = new float[40];
        limited.GetBars(heights);                                       // the newest at the end, 0…1
        await limited.DiscardAsync();

        Assert.All(heights, height => Assert.InRange(height, 0, 1));
        Assert.Equal(RecordingState.Discarded, limited.State);
    }

    [Fact]
    public async Task Example_of_a_fault_works()
    {
        await using var devices = await VoiceDevices.OpenAsync();
        var broken = new BrokenInput();
        await using var recorder = new VoiceRecorder(broken, LibOpusCodec.Default, new VoiceRecorderOptions { Drafts = null });
        await recorder.StartAsync();
        var change = new TaskCompletionSource<RecordingStateChange>(TaskCreationOptions.RunContinuationsAsynchronously);
        recorder.StateChanged += (_, next) => change.TrySetResult(next);
        broken.Break();
        Assert.IsType<AudioDeviceException>((await change.Task).Fault);

        if (recorder.State == RecordingState.Faulted)
            await recorder.ResumeAsync(await devices.OpenInputAsync());

        Assert.Equal(RecordingState.Recording, recorder.State);
        Assert.InRange((await recorder.FinishAsync())!.Duration.TotalSeconds, 1.5, 60);
    }

    [Fact]
    public async Task Example_of_drafts_works()
    {
        await using var devices = await VoiceDevices.OpenAsync();
        await using (var crashed = new VoiceRecorder(
            await devices.OpenInputAsync(), LibOpusCodec.Default, new VoiceRecorderOptions { Drafts = VoiceDrafts.Default }))
        {
            await crashed.StartAsync();
        }

        var drafts = VoiceDrafts.Default;                               // or what VoiceRecorderOptions.Drafts says
        foreach (var draft in drafts.List())
        {
            if (!draft.IsInUse)
                await drafts.RecoverToFileAsync(draft, $"recovered-{draft.StartedAt:yyyyMMdd-HHmmss}.opus");
        }

        Assert.Empty(drafts.List());
        var recovered = Assert.Single(Directory.GetFiles(".", "recovered-*.opus"));
        Assert.InRange(Loudest(recovered), 0.1, 1);
    }

    [Fact]
    public async Task Example_of_the_button_works()
    {
        await Task.CompletedTask;
        var button = new HoldToRecord();
        var action = button.Press();
        if (action == HoldToRecordAction.None)
            action = button.Tick();                                     // call it often while the finger is down: holding starts it
        if (action == HoldToRecordAction.Start)
            Console.WriteLine("recorder.StartAsync()");
        action = button.Move(dx: 0, dy: -200);                          // up: locked, the finger may go

        Assert.True(Enum.IsDefined(action));
    }

    /// <summary>The drafts of this test, not those of the person who runs it.</summary>
    private static class VoiceDrafts
    {
        public static Recording.VoiceDrafts Default => new("drafts");
    }

    private sealed class BrokenInput : IAudioInput
    {
        private IAudioInputSink? _sink;

        public AudioFormat Format => new(44_100, 2);

        public string? Name => null;

        public void Break() => _sink!.OnFault(new AudioDeviceException("Unplugged.", null, AudioDeviceFault.Removed));

        public ValueTask StartAsync(IAudioInputSink sink, CancellationToken cancellationToken = default)
        {
            _sink = sink;
            return ValueTask.CompletedTask;
        }

        public ValueTask StopAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
