using VoiceKit.Audio;
using VoiceKit.Recording;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Recording;

public class RecorderFaultTests
{
    private static readonly AudioFormat Mono = Recorders.Mono;
    private static readonly AudioDeviceException Unplugged = new("The microphone is gone.", "mic", AudioDeviceFault.Removed);

    [Fact]
    public async Task Another_microphone_goes_on_where_the_first_was_unplugged()
    {
        using var folder = new TemporaryFolder();
        var first = new FakeAudioInput(Mono);
        var second = new FakeAudioInput(new AudioFormat(44_100, 2));
        await using var recorder = Recorders.New(first);
        await recorder.StartAsync();
        first.Hear(Signals.Voice(100_000), 960);
        var change = await recorder.NextChangeAsync(() => first.Break(Unplugged));
        Assert.Equal(new(RecordingState.Recording, RecordingState.Faulted, RecordingChangeReason.Fault, Unplugged), change);
        Assert.Same(Unplugged, recorder.Fault);
        Assert.InRange(100_000 - (await recorder.OpenDraftAsync()).Info.Samples, 0, 960 + 312);

        await recorder.ResumeAsync(second);
        Assert.True(first.IsDisposed);
        Assert.Null(recorder.Fault);
        second.Hear(Signals.Voice(44_100, 44_100, 2), 882);
        var message = await recorder.FinishToFileAsync(folder["a.opus"]);
        Assert.Equal(148_000, message!.Info.Samples);
        Assert.Single(message.Info.Links);
        Assert.Empty(Oracle.Warnings(folder["a.opus"]));
    }

    [Fact]
    public async Task A_fault_is_no_end_of_the_message()
    {
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input);
        await recorder.StartAsync();
        input.Hear(Signals.Voice(100_000), 960);
        await recorder.NextChangeAsync(() => input.Break(Unplugged));
        Assert.Equal(100_000, (await recorder.FinishAsync())!.Info.Samples);
    }

    [Fact]
    public async Task A_device_that_gives_nothing_is_given_up_after_its_time()
    {
        var clock = new ManualTimeProvider();
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input, new VoiceRecorderOptions { Drafts = null, Clock = clock });
        await recorder.StartAsync();
        input.Hear(Signals.Voice(60_000), 960);
        await recorder.TakesAsync(Mono.DurationOf(60_000));
        clock.Advance(TimeSpan.FromSeconds(1));
        var change = await recorder.NextChangeAsync(() =>
        {
            // More than once where the machine has kept the recorder itself waiting, which it does not blame the device for.
            for (; recorder.State == RecordingState.Recording; Thread.Sleep(100))
                clock.Advance(TimeSpan.FromSeconds(2));
        });
        var fault = Assert.IsType<AudioDeviceException>(change.Fault);
        Assert.Equal(AudioDeviceFault.NotResponding, fault.Fault);
        Assert.Equal(RecordingState.Faulted, recorder.State);
        Assert.Equal(60_000, (await recorder.FinishAsync())!.Info.Samples);
    }

    [Fact]
    public async Task A_device_that_does_not_start_leaves_the_recorder_idle()
    {
        SkipWithoutLibOpus.Check();
        using var folder = new TemporaryFolder();
        var drafts = new VoiceDrafts(folder["drafts"]);
        var clock = new ManualTimeProvider();
        var input = new FakeAudioInput(Mono) { HangsOnStart = true };
        await using var recorder = Recorders.New(input, new VoiceRecorderOptions { Drafts = drafts, Clock = clock });
        var starting = recorder.StartAsync();
        Assert.False(starting.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));
        var fault = await Assert.ThrowsAsync<AudioDeviceException>(() => starting);
        Assert.Equal(AudioDeviceFault.NotResponding, fault.Fault);
        Assert.Equal(RecordingState.Idle, recorder.State);

        input.HangsOnStart = false;
        input.StartFault = Unplugged;
        Assert.Same(Unplugged, await Assert.ThrowsAsync<AudioDeviceException>(() => recorder.StartAsync()));
        Assert.Empty(drafts.List());

        input.StartFault = null;
        await recorder.StartAsync();
        Assert.Equal(RecordingState.Recording, recorder.State);
        Assert.Single(drafts.List());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_device_that_does_not_stop_is_left_behind(bool hangs)
    {
        var clock = new ManualTimeProvider();
        var input = new FakeAudioInput(Mono) { HangsOnStop = hangs, StopFault = new InvalidOperationException("It won't.") };
        await using var recorder = Recorders.New(input, new VoiceRecorderOptions { Drafts = null, Clock = clock });
        await recorder.StartAsync();
        input.Hear(Signals.Voice(60_000), 960);
        var pausing = recorder.PauseAsync();
        clock.Advance(TimeSpan.FromSeconds(2));
        await pausing.WaitAsync(TimeSpan.FromMinutes(1));
        input.Hear(Signals.Voice(60_000), 960);
        Assert.Equal(60_000, (await recorder.FinishAsync())!.Info.Samples);
    }

    [Fact]
    public async Task Audio_that_the_device_lost_is_silence_of_the_same_length()
    {
        var pcm = Signals.Voice(96_000);
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input);
        await recorder.StartAsync();
        input.Hear(pcm.AsSpan(0, 40_000), 960);
        input.Lose(10_000);
        input.Lose(2_000);
        input.Hear(pcm.AsSpan(52_000, 40_000), 960);
        input.Lose(4_000);
        await recorder.PauseAsync();
        Assert.Equal(TimeSpan.FromSeconds(2), recorder.Elapsed);
        var message = await recorder.FinishAsync();

        var expected = Recorders.WithPauseAt(
            [.. pcm[..40_000], .. new float[12_000], .. pcm[52_000..92_000], .. new float[4_480]], 96_000)[..96_000];
        Assert.Equal(Pcm.PacketsOf(Pcm.Encode(expected, Mono)), Recorders.PacketsOf(message!));
    }

    [Fact]
    public async Task Audio_that_the_app_was_too_late_for_is_silence_of_the_same_length_and_told()
    {
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(
            input, new VoiceRecorderOptions
            {
                DeviceTimeout = Recorders.Patience,
                Drafts = null,
                BufferDuration = TimeSpan.FromMilliseconds(100),
            });
        using var busy = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        long lost = 0;
        recorder.Progress += (_, progress) =>
        {
            Volatile.Write(ref lost, progress.Lost.Ticks);
            busy.Set();
            goOn.Wait();
        };
        await recorder.StartAsync();
        input.Hear(Signals.Voice(4_800), 960);
        Assert.True(busy.Wait(TimeSpan.FromMinutes(1)));
        input.Hear(Signals.Voice(96_000), 960);
        goOn.Set();
        await recorder.TakesAsync(TimeSpan.FromSeconds(0.15));
        input.Hear(Signals.Voice(960), 960);
        await recorder.TakesAsync(Mono.DurationOf(4_800 + 96_000 + 960));
        for (var wait = 0; Volatile.Read(ref lost) == 0 && wait < 60_000; wait++)
            await Task.Delay(1);
        await recorder.PauseAsync();

        Assert.Equal(Mono.DurationOf(4_800 + 96_000 + 960), recorder.Elapsed);
        Assert.InRange(TimeSpan.FromTicks(lost), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2));
        Assert.Equal(4_800 + 96_000 + 960, (await recorder.FinishAsync())!.Info.Samples);
    }

    [Fact]
    public async Task A_full_disk_stops_the_recording_and_loses_nothing()
    {
        using var folder = new TemporaryFolder();
        FullDisk? disk = null;
        var drafts = new VoiceDrafts(folder["drafts"]) { Wrap = file => disk = new FullDisk(file) { Room = 5_000 } };
        var pcm = Signals.Voice(5 * 48_000);
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input, new VoiceRecorderOptions
        {
            DeviceTimeout = Recorders.Patience,
            Drafts = drafts,
        });
        await recorder.StartAsync();
        var change = await recorder.NextChangeAsync(() => input.Hear(pcm.AsSpan(0, 4 * 48_000), 960));
        Assert.Equal(RecordingState.Faulted, change.Current);
        Assert.Equal("No space left on device", Assert.IsType<IOException>(change.Fault).Message);
        await Assert.ThrowsAsync<IOException>(() => recorder.ResumeAsync());
        Assert.Equal(RecordingState.Faulted, recorder.State);
        Assert.InRange(4 * 48_000 - (await recorder.OpenDraftAsync()).Info.Samples, 0, 960 + 312);

        disk!.Room = long.MaxValue;
        await recorder.ResumeAsync();
        input.Hear(pcm.AsSpan(4 * 48_000), 960);
        var message = await recorder.FinishAsync();
        Assert.Equal(Pcm.PacketsOf(Pcm.Encode(Recorders.WithPauseAt(pcm, 4 * 48_000), Mono)), Recorders.PacketsOf(message!));
        await recorder.DisposeAsync();
        Assert.Equal(Recorders.BytesOf(message!), File.ReadAllBytes(Assert.Single(drafts.List()).Path));
    }

    [Fact]
    public async Task A_disk_that_stays_full_still_gives_the_message()
    {
        using var folder = new TemporaryFolder();
        var drafts = new VoiceDrafts(folder["drafts"]) { Wrap = file => new FullDisk(file) { Room = 3_000 } };
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input, new VoiceRecorderOptions
        {
            DeviceTimeout = Recorders.Patience,
            Drafts = drafts,
        });
        await recorder.StartAsync();
        await recorder.NextChangeAsync(() => input.Hear(Signals.Voice(4 * 48_000), 960));
        var message = await recorder.FinishToFileAsync(folder["a.opus"]);
        Assert.Equal(4 * 48_000, message!.Info.Samples);
        Assert.Empty(Oracle.Warnings(folder["a.opus"]));
        Assert.Empty(drafts.List());
    }

    [Fact]
    public async Task A_message_that_cannot_be_saved_can_be_saved_elsewhere()
    {
        using var folder = new TemporaryFolder();
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input);
        await recorder.StartAsync();
        input.Hear(Signals.Voice(100_000), 960);
        await Assert.ThrowsAnyAsync<IOException>(() => recorder.FinishToFileAsync(folder["no/such/folder/a.opus"]));
        Assert.Equal(100_000, (await recorder.OpenDraftAsync()).Info.Samples);
        Assert.Equal(100_000, (await recorder.FinishToFileAsync(folder["a.opus"]))!.Info.Samples);
        Assert.Equal(RecordingState.Finished, recorder.State);
    }

    [Fact]
    public async Task A_microphone_that_cannot_even_be_let_go_is_no_reason_to_stop()
    {
        var first = new FakeAudioInput(Mono) { DisposeFault = new InvalidOperationException("It won't.") };
        var second = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(first);
        await recorder.StartAsync();
        first.Hear(Signals.Voice(50_000), 960);
        await recorder.NextChangeAsync(() => first.Break(Unplugged));
        await recorder.ResumeAsync(second);
        Assert.Equal(RecordingState.Recording, recorder.State);
        second.Hear(Signals.Voice(50_000), 960);
        Assert.Equal(100_000, (await recorder.FinishAsync())!.Info.Samples);
    }

    [Fact]
    public async Task A_draft_that_cannot_be_deleted_is_told_and_the_recording_discarded()
    {
        using var folder = new TemporaryFolder();
        var drafts = new VoiceDrafts(folder["drafts"]);
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input, drafts);
        await recorder.StartAsync();
        input.Hear(Signals.Voice(100_000), 960);
        if (OperatingSystem.IsWindows())
        {
            var draft = Assert.Single(Directory.GetFiles(drafts.Folder));
            File.SetAttributes(draft, FileAttributes.ReadOnly);
            await Assert.ThrowsAsync<UnauthorizedAccessException>(() => recorder.DiscardAsync());
            File.SetAttributes(draft, FileAttributes.Normal);
        }
        else
        {
            Directory.Delete(drafts.Folder, recursive: true);
            await Assert.ThrowsAnyAsync<IOException>(() => recorder.DiscardAsync());
        }

        Assert.Equal(RecordingState.Discarded, recorder.State);
        Assert.False(input.IsStarted);
    }

    [Fact]
    public async Task A_cut_of_less_than_a_sample_is_refused_before_anything_ends()
    {
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input);
        await recorder.StartAsync();
        input.Hear(Signals.Voice(100_000), 960);
        await recorder.PauseAsync();
        var tick = TimeSpan.FromTicks(1);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => recorder.FinishAsync(recorder.Elapsed - tick));
        var second = TimeSpan.FromSeconds(1);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => recorder.FinishAsync(second, second + tick));
        Assert.Equal(RecordingState.Paused, recorder.State);
        Assert.Equal(100_000, (await recorder.FinishAsync())!.Info.Samples);
    }

    [Fact]
    public async Task A_message_that_cannot_be_saved_stays_as_a_draft()
    {
        using var folder = new TemporaryFolder();
        var drafts = new VoiceDrafts(folder["drafts"]);
        var input = new FakeAudioInput(Mono);
        await using (var recorder = Recorders.New(input, drafts))
        {
            await recorder.StartAsync();
            input.Hear(Signals.Voice(100_000), 960);
            await Assert.ThrowsAnyAsync<IOException>(() => recorder.FinishToFileAsync(folder["no/such/folder/a.opus"]));
            Assert.Equal(RecordingState.Finished, recorder.State);
        }

        var draft = Assert.Single(drafts.List());
        Assert.Equal(100_000, (await drafts.RecoverToFileAsync(draft, folder["b.opus"])).Info.Samples);
        Assert.Empty(drafts.List());
    }
}
