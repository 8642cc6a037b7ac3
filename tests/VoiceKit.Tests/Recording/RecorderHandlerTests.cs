using VoiceKit.Audio;
using VoiceKit.Diagnostics;
using VoiceKit.Recording;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Recording;

/// <summary>Code of the app that the recorder calls: handlers, processors, builders.</summary>
public class RecorderHandlerTests
{
    private static readonly AudioFormat Mono = Recorders.Mono;

    [Fact]
    public async Task Handlers_that_throw_stop_nothing_and_are_told()
    {
        using var failures = new HandlerFailures();
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input, new VoiceRecorderOptions
        {
            DeviceTimeout = Recorders.Patience,
            Drafts = null,
            MaxDuration = TimeSpan.FromSeconds(3),
            LimitWarning = TimeSpan.FromSeconds(2),
        });
        var heard = 0;
        recorder.Progress += (_, _) => throw new InvalidOperationException("Progress");
        recorder.Progress += (_, _) => heard++;
        recorder.LimitNear += (_, _) => throw new InvalidOperationException("LimitNear");
        recorder.StateChanged += (_, _) => throw new InvalidOperationException("StateChanged");
        await recorder.StartAsync();
        var pcm = Signals.Voice(100_000);
        for (var at = 0; at + 4_800 <= pcm.Length; at += 4_800)
        {
            input.Hear(pcm.AsSpan(at, 4_800), 960);
            await recorder.TakesAsync(Mono.DurationOf(at + 4_800));
        }

        var message = await recorder.FinishAsync();
        Assert.Equal(RecordingState.Finished, recorder.State);
        Assert.Equal(Pcm.PacketsOf(Pcm.Encode(pcm[..96_000], Mono)), Recorders.PacketsOf(message!));
        Assert.True(heard > 1);
        var told = failures.Of(recorder);
        Assert.Equal(["LimitNear", "Progress", "StateChanged"], told.Select(failure => failure.EventName).Distinct().Order());
        Assert.All(told, failure => Assert.Equal(failure.EventName, failure.Exception.Message));
        Assert.True(told.Count(failure => failure.EventName == "Progress") >= heard);
    }

    [Fact]
    public async Task A_limit_that_is_as_good_as_none_is_no_trouble()
    {
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input, new VoiceRecorderOptions
        {
            DeviceTimeout = Recorders.Patience,
            Drafts = null,
            MaxSize = long.MaxValue - 1,
            MaxDuration = TimeSpan.MaxValue,
        });
        var progress = new TaskCompletionSource<RecordingProgress>();
        recorder.Progress += (_, now) => progress.TrySetResult(now);
        await recorder.StartAsync();
        input.Hear(Signals.Voice(150_000), 960);
        var now = await progress.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.InRange(now.Remaining!.Value, TimeSpan.FromDays(10_000_000), TimeSpan.MaxValue);
        Assert.Equal(150_000, (await recorder.FinishAsync())!.Info.Samples);
    }

    [Fact]
    public async Task A_processor_of_the_app_changes_what_is_recorded_and_keeps_its_place()
    {
        var pcm = Signals.Voice(100_000);
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input, new VoiceRecorderOptions
        {
            DeviceTimeout = Recorders.Patience,
            Drafts = null,
            Processors = [format => new HalfAsLoud(format, 777)],
        });
        await recorder.StartAsync();
        input.Hear(pcm, 960);
        var message = await recorder.FinishAsync();
        var expected = pcm.Select(sample => sample / 2).ToArray();
        Assert.Equal(Pcm.PacketsOf(Pcm.Encode(expected, Mono)), Recorders.PacketsOf(message!));
    }

    [Fact]
    public async Task A_processor_that_throws_is_a_fault_and_loses_nothing()
    {
        var pcm = Signals.Voice(200_000);
        HalfAsLoud? processor = null;
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input, new VoiceRecorderOptions
        {
            DeviceTimeout = Recorders.Patience,
            Drafts = null,
            Processors = [format => processor = new HalfAsLoud(format, 0) { FailsAfter = 100_000 }],
        });
        await recorder.StartAsync();
        var change = await recorder.NextChangeAsync(() => input.Hear(pcm.AsSpan(0, 120_000), 960));
        Assert.Equal("The processor fails.", Assert.IsType<InvalidOperationException>(change.Fault).Message);
        Assert.Equal(RecordingState.Faulted, recorder.State);
        processor!.FailsAfter = long.MaxValue;
        await recorder.ResumeAsync();
        input.Hear(pcm.AsSpan(120_000), 960);
        Assert.Equal(200_000, (await recorder.FinishAsync())!.Info.Samples);
    }

    [Fact]
    public async Task A_waveform_builder_of_the_app_is_the_one_that_is_used()
    {
        CountingBuilder? builder = null;
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input, new VoiceRecorderOptions
        {
            DeviceTimeout = Recorders.Patience,
            Drafts = null,
            Waveform = format => builder = new CountingBuilder(format),
        });
        await recorder.StartAsync();
        input.Hear(Signals.Voice(100_000), 960);
        await recorder.FinishAsync();
        Assert.Equal(100_000, builder!.FrameCount);
        Assert.Equal(3, recorder.GetWaveform(3).Count);
        Assert.Equal(1, builder.Builds);
    }

    [Fact]
    public async Task A_move_to_another_microphone_is_told_and_the_recording_goes_on()
    {
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input);
        var change = new TaskCompletionSource<string?>();
        recorder.InputChanged += (_, next) => change.TrySetResult(next);
        await recorder.StartAsync();
        input.Hear(Signals.Voice(50_000), 960);
        input.Move("headset");
        Assert.Equal("headset", await change.Task.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal(RecordingState.Recording, recorder.State);
        input.Hear(Signals.Voice(50_000), 960);
        Assert.Equal(100_000, (await recorder.FinishAsync())!.Info.Samples);
    }

    [Fact]
    public async Task While_paused_the_recorders_thread_sleeps()
    {
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input);
        await recorder.StartAsync();
        input.Hear(Signals.Voice(50_000), 960);
        await recorder.PauseAsync();
        await Task.Delay(50);
        var before = recorder.Rounds;
        await Task.Delay(300);
        Assert.InRange(recorder.Rounds - before, 0, 1);
        await recorder.ResumeAsync();
        input.Hear(Signals.Voice(50_000), 960);
        await recorder.TakesAsync(Mono.DurationOf(100_000));
    }

    private sealed class HalfAsLoud(AudioFormat format, int latency) : IAudioProcessor
    {
        private readonly Queue<float> _held = new(new float[latency * format.Channels]);
        private long _taken;

        public long FailsAfter { get; set; } = long.MaxValue;

        public int LatencyFrames => latency;

        public void Process(Span<float> samples)
        {
            foreach (ref var sample in samples)
            {
                if (_taken++ >= FailsAfter)
                    throw new InvalidOperationException("The processor fails.");
                _held.Enqueue(sample / 2);
                sample = _held.Dequeue();
            }
        }

        public void Reset() => throw new NotSupportedException();
    }

    private sealed class CountingBuilder(AudioFormat format) : VoiceKit.Waveforms.IWaveformBuilder
    {
        private readonly VoiceKit.Waveforms.WaveformBuilder _builder = new(format);

        public int Builds { get; private set; }

        public AudioFormat Format => format;

        public long FrameCount => _builder.FrameCount;

        public TimeSpan Duration => _builder.Duration;

        public void Add(ReadOnlySpan<float> samples) => _builder.Add(samples);

        public VoiceKit.Waveforms.Waveform Build(int bars)
        {
            Builds++;
            return _builder.Build(bars);
        }

        public void Reset() => _builder.Reset();
    }
}
