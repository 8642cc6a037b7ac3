using VoiceKit.Audio;

namespace VoiceKit.PulseAudio.Tests;

public sealed class PulseAudioOutputTests : IDisposable
{
    private readonly VirtualSoundCard _card = new();

    public void Dispose() => _card.Dispose();

    [Theory]
    [InlineData(10)]
    [InlineData(80)]
    [InlineData(1000)]
    public Task Another_program_hears_on_the_speaker_what_is_played(int buffer) => RealTime.RunAsync(async () =>
    {
        var (left, right) = (Sounds.Sweep(2, seed: 1), Sounds.Sweep(2, seed: 2));
        var options = _card.Options() with { OutputBuffer = TimeSpan.FromMilliseconds(buffer) };
        await using var output = await PulseAudioOutput.OpenAsync(null, options);
        Assert.Equal(new AudioFormat(48_000, 2), output.Format);
        Assert.Equal("TestSpeakers", output.Name);

        using var recording = _card.RecordSpeakers();
        var source = new PlayingSource(Sounds.Stereo(left, right));
        await output.StartAsync(source);
        await source.Ended;
        await output.StopAsync();
        var heard = await HeardToEndAsync(recording);
        var (heardLeft, heardRight) = (Sounds.Channel(heard, 2, 0), Sounds.Channel(heard, 2, 1));
        Sounds.AssertAllHeard(left, heardLeft);
        Sounds.AssertAllHeard(right, heardRight);
        if (buffer == 1000)
            Assert.Equal(Sounds.AssertHeard(left, heardLeft), Sounds.AssertHeard(right, heardRight));
    });

    [Fact]
    public async Task Mono_is_heard_on_both_sides()
    {
        var sound = Sounds.Sweep(2);
        await using var output = await PulseAudioOutput.OpenAsync("speakers", _card.Options() with { OutputChannels = 1 });
        Assert.Equal(new AudioFormat(48_000, 1), output.Format);
        using var recording = _card.RecordSpeakers();
        var source = new PlayingSource(sound);
        await output.StartAsync(source);
        await source.Ended;
        var heard = await HeardToEndAsync(recording);
        Sounds.AssertAllHeard(sound, Sounds.Channel(heard, 2, 0));
        Assert.Equal(Sounds.Channel(heard, 2, 0), Sounds.Channel(heard, 2, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(480)]
    public async Task A_sound_shorter_than_the_buffer_is_played_to_its_end(int frames)
    {
        await using var output = await PulseAudioOutput.OpenAsync("micfeed", _card.Options());
        using var recording = _card.RecordMicrophone();
        var sound = Enumerable.Repeat(0.5f, frames).ToArray();
        for (var run = 1; run <= 3; run++)
        {
            var source = new PlayingSource(sound);
            await output.StartAsync(source);
            await source.Ended;
            Assert.Equal(TimeSpan.Zero, output.Latency);
            var calls = source.Calls;
            var heard = await HeardToEndAsync(recording);
            Assert.Equal(run * frames, heard.Count(sample => sample > 0.4f));
            Assert.Equal(calls, source.Calls);
            await output.StopAsync();
        }
    }

    [Fact]
    public async Task Stopping_throws_away_what_waits()
    {
        var options = _card.Options() with { OutputBuffer = TimeSpan.FromSeconds(1) };
        await using var output = await PulseAudioOutput.OpenAsync("micfeed", options);
        using var recording = _card.RecordMicrophone();
        var source = new PlayingSource([.. Enumerable.Repeat(0.5f, 60 * 48_000)]);
        await output.StartAsync(source);
        await Card.Until(() => recording.Heard.Count(sample => sample > 0.4f) > 4800, "it is heard");
        await output.StopAsync();
        var calls = source.Calls;

        var heard = (await HeardToEndAsync(recording)).Count(sample => sample > 0.4f);
        Assert.InRange(heard, 4800, source.Given - 24_000);
        Assert.Equal(calls, source.Calls);
        Assert.Equal(TimeSpan.Zero, output.Latency);
        Assert.False(source.HasEnded);
    }

    [Fact]
    public async Task The_latency_is_about_what_the_buffer_holds()
    {
        var shorter = await MedianLatencyAsync(TimeSpan.FromMilliseconds(80));
        var longer = await MedianLatencyAsync(TimeSpan.FromMilliseconds(600));
        Assert.InRange(shorter.TotalMilliseconds, 1, 300);
        Assert.InRange(longer.TotalMilliseconds, 300, 1000);
    }

    [Fact]
    public async Task Latency_and_what_was_given_tell_what_is_being_heard()
    {
        var sound = Sounds.Sweep(4);
        await using var output = await PulseAudioOutput.OpenAsync("micfeed", _card.LongOptions());
        using var recording = _card.RecordMicrophone();
        var source = new PlayingSource(sound);
        await output.StartAsync(source);
        var differences = new List<double>();
        while (source.Given < sound.Length)
        {
            await Task.Delay(20);
            var played = source.Given - output.Latency.TotalSeconds * 48_000;
            var heard = recording.Heard;
            if (played > 24_000)
                differences.Add((heard.Length - Sounds.Find(sound, heard, 1024) - played) / 48_000);
        }

        // The recording arrives in blocks of some 20 ms and after it was heard; the machine may be busy now and then.
        differences.Sort();
        Assert.InRange(differences[differences.Count / 2], -0.15, 0.05);
    }

    [Fact]
    public async Task It_is_used_by_one_and_not_after_it_is_disposed()
    {
        var output = await PulseAudioOutput.OpenAsync(null, _card.Options());
        Assert.Equal(TimeSpan.Zero, output.Latency);
        await output.StartAsync(new PlayingSource([], goesOn: true));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await output.StartAsync(new PlayingSource([])));
        await output.DisposeAsync();
        await output.DisposeAsync();
        await output.StopAsync();
        Assert.Equal(TimeSpan.Zero, output.Latency);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await output.StartAsync(new PlayingSource([])));
    }

    [Fact]
    public async Task A_source_may_stop_it_and_wait_for_that_in_its_own_call()
    {
        await using var output = await PulseAudioOutput.OpenAsync(null, _card.Options());
        var source = new PlayingSource([], goesOn: true) { OnCall = () => output.StopAsync().AsTask().Wait() };
        await output.StartAsync(source);
        await source.HasBegun;
        await output.StopAsync().Within();
        Assert.Equal(1, source.Calls);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(1_000_000)]
    public async Task A_source_that_says_nonsense_ends_it_with_a_fault(int count)
    {
        await using var output = await PulseAudioOutput.OpenAsync(null, _card.Options());
        var source = new CountingSource(_ => count);
        await AssertFaultAsync<InvalidOperationException>(output, source);
    }

    [Fact]
    public async Task A_source_that_throws_ends_it_with_a_fault()
    {
        await using var output = await PulseAudioOutput.OpenAsync(null, _card.Options());
        var calls = 0;
        var source = new CountingSource(length => ++calls > 20 ? throw new FormatException() : length);
        await AssertFaultAsync<FormatException>(output, source);
    }

    [Fact]
    public async Task Playing_allocates_nothing()
    {
        await using var output = await PulseAudioOutput.OpenAsync(null, _card.Options() with { OutputChannels = 1 });
        var (before, allocated, calls) = (0L, 0L, 0);
        var source = new CountingSource(length =>
        {
            var now = GC.GetAllocatedBytesForCurrentThread();
            if (calls == 20)
                before = now;
            else if (calls > 20)
                allocated = now - before;
            Volatile.Write(ref calls, calls + 1);
            return length;
        });
        await output.StartAsync(source);
        await Card.Until(() => Volatile.Read(ref calls) > 120, "a hundred blocks are played");
        await output.StopAsync();
        Assert.Equal(0, allocated);
    }

    [Fact]
    public async Task A_hundred_inputs_and_outputs_leave_nothing_behind()
    {
        await OpenAndCloseAsync();
        var files = Processes.OpenFiles();
        for (var i = 0; i < 100; i++)
            await OpenAndCloseAsync();
        await Card.Until(() => Processes.SoundThreads() == 0, "their threads end");
        Assert.InRange(Processes.OpenFiles(), 0, files + 10);
    }

    private static async Task AssertFaultAsync<T>(PulseAudioOutput output, CountingSource source)
    {
        try
        {
            await output.StartAsync(source);
        }
        catch (AudioDeviceException exception)
        {
            Assert.IsType<T>(exception.InnerException);
            return;
        }

        await Card.Until(() => source.Fault is not null, "the fault is told");
        Assert.IsType<T>(source.Fault!.InnerException);
        await output.StopAsync().Within();
    }

    private async Task OpenAndCloseAsync()
    {
        await using var input = await PulseAudioInput.OpenAsync("mic", _card.Options());
        await using var output = await PulseAudioOutput.OpenAsync("speakers", _card.Options());
        await input.StartAsync(new HearingSink());
        await output.StartAsync(new PlayingSource([], goesOn: true));
        await output.StopAsync();
    }

    private async Task<TimeSpan> MedianLatencyAsync(TimeSpan buffer)
    {
        await using var output = await PulseAudioOutput.OpenAsync(null, _card.Options() with { OutputBuffer = buffer });
        var latencies = new List<TimeSpan>();
        var source = new CountingSource(length =>
        {
            latencies.Add(output.Latency);
            return length;
        });
        await output.StartAsync(source);
        await Task.Delay(2000);
        await output.StopAsync();
        var later = latencies.Skip(latencies.Count / 2).Order().ToArray();
        return later[later.Length / 2];
    }

    // What was played before is in the recording when what is played after it is.
    private static async Task<float[]> HeardToEndAsync(VirtualSoundCard.Recording recording)
    {
        var length = recording.Heard.Length;
        await Card.Until(() => recording.Heard.Length > length + 48_000, "some silence more is heard");
        return recording.Heard;
    }

    private sealed class CountingSource(Func<int, int> read) : IAudioOutputSource
    {
        private volatile AudioDeviceException? _fault;

        public AudioDeviceException? Fault => _fault;

        public int Read(Span<float> buffer)
        {
            buffer.Clear();
            return read(buffer.Length);
        }

        public void OnEnded()
        {
        }

        public void OnFault(AudioDeviceException reason) => _fault = reason;
    }
}
