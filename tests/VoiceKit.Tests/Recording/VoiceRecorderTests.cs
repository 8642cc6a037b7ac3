using VoiceKit.Audio;
using VoiceKit.Recording;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Recording;

public class VoiceRecorderTests
{
    private static readonly AudioFormat Mono = Recorders.Mono;

    [Fact]
    public async Task A_recording_is_what_encoding_the_same_audio_gives()
    {
        var pcm = Signals.Voice(150_001);
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input);
        await recorder.StartAsync();
        input.Hear(pcm, 441);
        var message = await recorder.FinishAsync();

        Assert.Equal(RecordingState.Finished, recorder.State);
        Assert.Equal(150_001, message!.Info.Samples);
        Assert.Equal(Pcm.PacketsOf(Pcm.Encode(pcm, Mono)), Recorders.PacketsOf(message));
        Assert.False(input.IsStarted);
    }

    [Theory]
    [InlineData(44_100, 1, 1)]
    [InlineData(44_100, 2, 1)]
    [InlineData(16_000, 1, 1)]
    [InlineData(96_000, 2, 2)]
    [InlineData(11_025, 1, 2)]
    [InlineData(48_000, 6, 1)]
    public async Task Any_rate_and_channels_keep_the_length_and_the_sound(int rate, int inputChannels, int channels)
    {
        using var folder = new TemporaryFolder();
        var format = new AudioFormat(rate, inputChannels);
        var pcm = Signals.Voice(3 * rate + 7, rate, inputChannels);
        var input = new FakeAudioInput(format);
        await using var recorder = Recorders.New(
            input, new VoiceRecorderOptions
            {
                DeviceTimeout = Recorders.Patience,
                Drafts = null,
                Encoding = new VoiceEncodingOptions { Channels = channels },
            });
        await recorder.StartAsync();
        input.Hear(pcm, rate / 100 * inputChannels);
        var message = await recorder.FinishToFileAsync(folder["a.opus"]);

        // Several microphones are averaged: they are not the loudspeakers of a film.
        if (inputChannels > 2)
        {
            var mixed = new float[pcm.Length / inputChannels];
            ChannelMixer.Mix(pcm, inputChannels, mixed, 1);
            (pcm, format) = (mixed, new AudioFormat(rate, 1));
        }

        var expected = Pcm.Decode(Pcm.Encode(pcm, format, new VoiceEncodingOptions { Channels = channels }));
        Pcm.AssertClose("recording", expected, Pcm.Decode(Recorders.BytesOf(message!)), 0);
        Assert.Empty(Oracle.Warnings(folder["a.opus"]));
    }

    [Theory]
    [InlineData(48_000)]
    [InlineData(44_100)]
    [InlineData(16_000)]
    public async Task However_often_it_pauses_the_message_is_one_stream_without_a_gap(int rate)
    {
        using var folder = new TemporaryFolder();
        var pcm = Signals.Voice(5 * rate, rate);
        var input = new FakeAudioInput(new AudioFormat(rate, 1));
        await using var recorder = Recorders.New(input);
        await recorder.StartAsync();
        for (var second = 0; second < 5; second++)
        {
            if (second > 0)
                await recorder.ResumeAsync();
            input.Hear(pcm.AsSpan(second * rate, rate), 480);
            await recorder.PauseAsync();
            Assert.False(input.IsStarted);
        }

        var message = await recorder.FinishToFileAsync(folder["a.opus"]);
        Assert.Equal(240_000, message!.Info.Samples);
        Assert.Single(message.Info.Links);
        Assert.Empty(message.Info.Defects);
        Assert.Empty(Oracle.Warnings(folder["a.opus"]));
        Assert.Equal(240_000, Oracle.OpusDec(folder["a.opus"]).Length);
    }

    [Fact]
    public async Task A_pause_fades_and_loses_nothing_else()
    {
        var pcm = Signals.Voice(100_000);
        var input = new FakeAudioInput(Mono) { LastWords = pcm[60_000..61_234] };
        await using var recorder = Recorders.New(input);
        await recorder.StartAsync();
        input.Hear(pcm.AsSpan(0, 60_000), 960);
        await recorder.PauseAsync();
        await recorder.ResumeAsync();
        input.Hear(pcm.AsSpan(61_234), 960);
        var message = await recorder.FinishAsync();

        Assert.Equal(Pcm.PacketsOf(Pcm.Encode(Recorders.WithPauseAt(pcm, 61_234), Mono)), Recorders.PacketsOf(message!));
    }

    [Fact]
    public async Task The_draft_can_be_heard_while_paused_and_goes_on()
    {
        var pcm = Signals.Voice(200_000);
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input);
        await recorder.StartAsync();
        input.Hear(pcm.AsSpan(0, 123_456), 960);
        await recorder.PauseAsync();
        var draft = await recorder.OpenDraftAsync();
        var again = await recorder.OpenDraftAsync();
        await recorder.ResumeAsync();
        input.Hear(pcm.AsSpan(123_456), 960);
        var message = await recorder.FinishAsync();

        Assert.Equal(Recorders.BytesOf(draft), Recorders.BytesOf(again));
        Assert.InRange(123_456 - draft.Info.Samples, 0, 960 + 312);
        Assert.True(draft.Info.Defects.Count == 0, string.Join(", ", draft.Info.Defects));
        var whole = Recorders.PacketsOf(message!);
        var packets = Recorders.PacketsOf(draft);
        Assert.Equal(whole[..packets.Length], packets);
        Assert.Equal(200_000, message!.Info.Samples);
    }

    [Fact]
    public async Task A_draft_can_be_cut_before_it_is_sent()
    {
        var pcm = Signals.Voice(144_000);
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input);
        await recorder.StartAsync();
        input.Hear(pcm, 960);
        await recorder.PauseAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => recorder.FinishAsync(TimeSpan.FromSeconds(3)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => recorder.FinishAsync(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => recorder.FinishAsync(TimeSpan.FromSeconds(-1)));
        Assert.Equal(RecordingState.Paused, recorder.State);
        var message = await recorder.FinishAsync(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(2.25));

        Assert.Equal(84_000, message!.Info.Samples);
        var expected = Pcm.Decode(Pcm.Encode(Recorders.WithPauseAt([.. pcm, .. new float[480]], 144_000)[..144_000], Mono));
        var snr = Pcm.SignalToError(expected.AsSpan(24_000, 84_000), Pcm.Decode(Recorders.BytesOf(message)));
        Assert.True(snr > 30, $"{snr} dB");
    }

    [Fact]
    public async Task What_is_shorter_than_a_second_is_no_message()
    {
        using var folder = new TemporaryFolder();
        var drafts = new VoiceDrafts(folder["drafts"]);
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input, new VoiceRecorderOptions
        {
            DeviceTimeout = Recorders.Patience,
            Drafts = drafts,
        });
        var changes = new List<RecordingStateChange>();
        recorder.StateChanged += (_, change) => changes.Add(change);
        await recorder.StartAsync();
        input.Hear(Signals.Voice(47_999), 960);
        Assert.Null(await recorder.FinishToFileAsync(folder["a.opus"]));

        Assert.Equal(new(RecordingState.Recording, RecordingState.Discarded, RecordingChangeReason.TooShort), changes[^1]);
        Assert.False(File.Exists(folder["a.opus"]));
        Assert.Empty(drafts.List());
    }

    [Fact]
    public async Task At_the_longest_it_warns_then_pauses_and_keeps_the_draft()
    {
        var pcm = Signals.Voice(4 * 48_000);
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(
            input, new VoiceRecorderOptions
            {
                DeviceTimeout = Recorders.Patience,
                Drafts = null,
                MaxDuration = TimeSpan.FromSeconds(3),
                LimitWarning = TimeSpan.FromSeconds(1),
            });
        var warnings = new List<TimeSpan>();
        recorder.LimitNear += (_, left) => warnings.Add(left);
        await recorder.StartAsync();
        input.Hear(pcm.AsSpan(0, 90_000), 960);
        await recorder.TakesAsync(Mono.DurationOf(90_000));
        input.Hear(pcm.AsSpan(90_000, 9_600), 960);
        await recorder.TakesAsync(Mono.DurationOf(99_600));
        var change = await recorder.NextChangeAsync(() => input.Hear(pcm.AsSpan(99_600), 960));

        Assert.Equal(new(RecordingState.Recording, RecordingState.Paused, RecordingChangeReason.MaxDuration), change);
        Assert.InRange(Assert.Single(warnings), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => recorder.ResumeAsync());
        var message = await recorder.FinishAsync();
        Assert.Equal(144_000, message!.Info.Samples);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(20_000)]
    [InlineData(100_000)]
    public async Task At_the_largest_it_pauses_in_time(int size)
    {
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input, new VoiceRecorderOptions
        {
            DeviceTimeout = Recorders.Patience,
            Drafts = null,
            MaxSize = size,
        });
        await recorder.StartAsync();
        var change = await recorder.NextChangeAsync(() =>
        {
            // No faster than it is taken, until it is enough.
            var voice = Signals.Voice(48_000);
            for (var second = 1; recorder.State == RecordingState.Recording && second < 60; second++)
            {
                input.Hear(voice, 960);
                while (recorder.State == RecordingState.Recording && input.IsStarted
                    && recorder.Elapsed < TimeSpan.FromSeconds(second))
                    Thread.Sleep(1);
            }
        });
        Assert.Equal(RecordingChangeReason.MaxSize, change.Reason);
        var message = await recorder.FinishAsync();
        Assert.InRange(message!.Size, size - 3000, size);
    }

    [Fact]
    public async Task Level_and_bars_are_those_of_the_audio_and_stand_still_while_paused()
    {
        var tone = new float[48_000];
        for (var i = 0; i < tone.Length; i++)
            tone[i] = (float)(0.1 * Math.Sin(2 * Math.PI * 1000 * i / 48_000));
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input);
        var progress = new List<RecordingProgress>();
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        recorder.Progress += (_, next) =>
        {
            lock (progress)
                progress.Add(next);
            first.TrySetResult();
        };
        await recorder.StartAsync();
        input.Hear(new float[48_000], 960);
        await recorder.TakesAsync(TimeSpan.FromSeconds(1));

        // It tells of the newest, whenever it gets to it: of the silence only while there is nothing else.
        await first.Task;
        for (var i = 0; i < 50; i++)
        {
            input.Hear(tone.AsSpan(i * 960, 960));
            await recorder.TakesAsync(TimeSpan.FromMilliseconds(1000 + 20 * (i + 1)));
        }

        await recorder.PauseAsync();
        var bars = new float[50];
        Assert.Equal(40, recorder.GetBars(bars));
        var heights = bars.ToArray();
        RecordingProgress[] told;
        lock (progress)
            told = [.. progress];
        Assert.All(bars[..30], height => Assert.Equal(0, height));
        Assert.All(bars[30..49], height => Assert.InRange(height, 0.99f, 1));
        Assert.InRange(bars[49], 0.98f, 0.99f); // It ends with the fade of the pause.
        Assert.InRange(told.Length, 10, 50);
        Assert.All(told.Zip(told.Skip(1)), pair => Assert.True(pair.First.Elapsed < pair.Second.Elapsed));
        Assert.All(told.Where(next => next.Elapsed > TimeSpan.FromSeconds(1.1)), next =>
        {
            Assert.InRange(next.Peak, -20.01f, -19.99f);
            Assert.InRange(next.Rms, -23.1f, -22.9f);
        });
        Assert.Equal(-100, told[0].Peak);

        recorder.GetBars(bars);
        Assert.Equal(heights, bars);
        Assert.Equal(TimeSpan.FromSeconds(2), recorder.Elapsed);
        Assert.Equal(2, recorder.GetWaveform(2).Count);
        Assert.Equal(0.1, recorder.GetWaveform(2).Peaks[1], 0.001);
    }

    [Fact]
    public async Task A_quiet_voice_is_raised_rumble_taken_away_and_the_length_kept()
    {
        var pcm = Signals.Voice(8 * 48_000);
        for (var i = 0; i < pcm.Length; i++)
            pcm[i] = (float)(pcm[i] * 0.05 + 0.2 * Math.Sin(2 * Math.PI * 10 * i / 48_000));
        var input = new FakeAudioInput(Mono);
        var options = new VoiceRecorderOptions
        {
            DeviceTimeout = Recorders.Patience,
            Drafts = null,
            HighPass = HighPassFilter.DefaultCutoff,
            AutomaticGain = new AutomaticGainOptions(),
        };
        await using var recorder = Recorders.New(input, options);
        await recorder.StartAsync();
        input.Hear(pcm.AsSpan(0, 4 * 48_000), 960);
        await recorder.PauseAsync();
        await recorder.ResumeAsync();
        input.Hear(pcm.AsSpan(4 * 48_000), 960);
        var message = await recorder.FinishAsync();

        Assert.Equal(pcm.Length, message!.Info.Samples);
        var waveform = recorder.GetWaveform(8);
        Assert.Equal(message.Duration, waveform.Duration);
        var quiet = VoiceOf(pcm.AsSpan(6 * 48_000));
        Assert.True(waveform.Rms[7] > 3 * quiet, $"{waveform.Rms[7]} of {quiet}");
        Assert.True(waveform.Peak < 0.9);

        // The voice alone: what is there above the rumble.
        static double VoiceOf(ReadOnlySpan<float> samples)
        {
            double energy = 0;
            for (var i = 0; i < samples.Length; i++)
            {
                var rumble = 0.2 * Math.Sin(2 * Math.PI * 10 * i / 48_000);
                energy += (samples[i] - rumble) * (samples[i] - rumble);
            }

            return Math.Sqrt(energy / samples.Length);
        }
    }

    [Fact]
    public async Task Watching_ends_with_the_message()
    {
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input);
        await recorder.StartAsync();
        var watching = Task.Run(async () =>
        {
            var last = TimeSpan.Zero;
            await foreach (var progress in recorder.WatchAsync())
                last = progress.Elapsed;
            return last;
        });
        for (var i = 1; i <= 100; i++)
        {
            input.Hear(new float[960]);
            await recorder.TakesAsync(TimeSpan.FromMilliseconds(20 * i));
        }

        await recorder.FinishAsync();
        Assert.InRange(await watching.WaitAsync(TimeSpan.FromMinutes(1)), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        await foreach (var _ in recorder.WatchAsync())
            Assert.Fail("There is nothing more to tell.");
    }

    [Fact]
    public async Task A_call_that_the_state_has_no_answer_to_throws_and_changes_nothing()
    {
        var input = new FakeAudioInput(Mono);
        var recorder = Recorders.New(input);
        await Refuses(
            recorder, RecordingState.Idle, recorder.PauseAsync, Resume, recorder.OpenDraftAsync, Finish, recorder.DiscardAsync);
        await recorder.StartAsync();
        await Refuses(recorder, RecordingState.Recording, recorder.StartAsync, Resume, recorder.OpenDraftAsync);
        input.Hear(Signals.Voice(60_000));
        await recorder.PauseAsync();
        await Refuses(recorder, RecordingState.Paused, recorder.StartAsync, recorder.PauseAsync);
        Assert.Equal(60_000, (await recorder.FinishAsync())!.Info.Samples);
        await Refuses(
            recorder, RecordingState.Finished, recorder.StartAsync, recorder.PauseAsync, Resume, Finish, recorder.DiscardAsync);
        await recorder.DisposeAsync();
        await recorder.DisposeAsync();
        Assert.True(input.IsDisposed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => recorder.StartAsync());

        Task Resume(CancellationToken token) => recorder.ResumeAsync(null, token);

        Task Finish(CancellationToken token) => recorder.FinishAsync(null, null, token);
    }

    [Fact]
    public async Task A_handler_may_call_the_recorder()
    {
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input);
        var paused = new TaskCompletionSource();
        recorder.Progress += (_, progress) =>
        {
            if (progress.Elapsed >= TimeSpan.FromSeconds(1) && recorder.State == RecordingState.Recording)
            {
                recorder.PauseAsync().GetAwaiter().GetResult();
                paused.SetResult();
            }
        };
        await recorder.StartAsync();
        input.Hear(new float[48_000], 960);
        await paused.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(RecordingState.Paused, recorder.State);
    }

    private static async Task Refuses(VoiceRecorder recorder, RecordingState state, params Func<CancellationToken, Task>[] calls)
    {
        foreach (var call in calls)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => call(CancellationToken.None));
            Assert.Equal(state, recorder.State);
        }
    }
}
