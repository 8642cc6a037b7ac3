using VoiceKit.Audio;

namespace VoiceKit.PulseAudio.Tests;

public sealed class PulseAudioInputTests : IDisposable
{
    private readonly VirtualSoundCard _card = new();

    public void Dispose() => _card.Dispose();

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(200)]
    public Task The_microphone_hears_what_another_program_plays_into_it(int block) => RealTime.RunAsync(async () =>
    {
        var sound = Sounds.Sweep(2);
        var options = _card.Options() with { InputBlock = TimeSpan.FromMilliseconds(block) };
        await using var input = await PulseAudioInput.OpenAsync("mic", options);
        Assert.Equal(new AudioFormat(48_000, 1), input.Format);
        Assert.Equal("TestMicrophone", input.Name);

        var sink = new HearingSink();
        await input.StartAsync(sink);
        await sink.HasBegun;
        _card.FeedMicrophone(_card.WriteWav(sound, 1));
        await input.StopAsync();
        Sounds.AssertHeard(sound, sink.Heard);
        Assert.Equal(0, sink.Lost);
        Assert.False(sink.HasFault);
    });

    [Fact]
    public Task The_default_microphone_hears_what_our_output_plays_into_it() => RealTime.RunAsync(async () =>
    {
        var sound = Sounds.Sweep(2);
        await using var input = await PulseAudioInput.OpenAsync(null, _card.Options());
        await using var output = await PulseAudioOutput.OpenAsync("micfeed", _card.LongOptions());
        Assert.Equal("TestMicrophone", input.Name);
        Assert.Equal(new AudioFormat(48_000, 1), output.Format);

        var sink = new HearingSink();
        await input.StartAsync(sink);
        await sink.HasBegun;
        var source = new PlayingSource(sound);
        await output.StartAsync(source);
        await source.Ended;
        await input.StopAsync();
        Sounds.AssertHeard(sound, sink.Heard);
    });

    [Fact]
    public Task A_mono_microphone_gives_both_channels_the_same() => RealTime.RunAsync(async () =>
    {
        var sound = Sounds.Sweep(1);
        await using var input = await PulseAudioInput.OpenAsync("mic", _card.Options() with { InputChannels = 2 });
        Assert.Equal(new AudioFormat(48_000, 2), input.Format);
        var sink = new HearingSink();
        await input.StartAsync(sink);
        await sink.HasBegun;
        _card.FeedMicrophone(_card.WriteWav(sound, 1));
        await input.StopAsync();
        var at = Sounds.AssertHeard(sound, Sounds.Channel(sink.Heard, 2, 0));
        Assert.Equal(at, Sounds.AssertHeard(sound, Sounds.Channel(sink.Heard, 2, 1)));
    });

    [Theory]
    [InlineData(null)]
    [InlineData("speakers.monitor")]
    public Task Loopback_hears_what_the_computer_plays_mixed_to_mono(string? id) => RealTime.RunAsync(async () =>
    {
        var (left, right) = (Sounds.Sweep(2, seed: 1), Sounds.Sweep(2, seed: 2));
        await using var input = await PulseAudioInput.OpenLoopbackAsync(id, _card.Options());
        var sink = new HearingSink();
        await input.StartAsync(sink);
        await sink.HasBegun;
        _card.PlayOnSpeakers(_card.WriteWav(Sounds.Stereo(left, right), 2));
        await input.StopAsync();
        Sounds.AssertHeard([.. left.Zip(right, (l, r) => (l + r) / 2)], sink.Heard);
    });

    [Fact]
    public Task Loopback_hears_both_channels_when_asked_for_stereo() => RealTime.RunAsync(async () =>
    {
        var (left, right) = (Sounds.Sweep(2, seed: 1), Sounds.Sweep(2, seed: 2));
        await using var input = await PulseAudioInput.OpenLoopbackAsync(null, _card.Options() with { InputChannels = 2 });
        var sink = new HearingSink();
        await input.StartAsync(sink);
        await sink.HasBegun;
        _card.PlayOnSpeakers(_card.WriteWav(Sounds.Stereo(left, right), 2));
        await input.StopAsync();
        Sounds.AssertHeard(left, Sounds.Channel(sink.Heard, 2, 0));
        Sounds.AssertHeard(right, Sounds.Channel(sink.Heard, 2, 1));
    });

    [Fact]
    public async Task The_default_loopback_follows_the_default_output_from_one_start_to_the_next()
    {
        var sound = Sounds.Sweep(1);
        await using var input = await PulseAudioInput.OpenLoopbackAsync(null, _card.Options());
        await input.StartAsync(new HearingSink());
        await input.StopAsync();
        _card.LoadModule("module-null-sink", "norewinds=1", "sink_name=headphones", "rate=44100", "channels=1");
        _card.Pactl("set-default-sink", "headphones");

        var sink = new HearingSink();
        await input.StartAsync(sink);
        await sink.HasBegun;
        _card.Play(_card.WriteWav(sound, 1), "headphones");
        await input.StopAsync();
        Assert.Equal(new AudioFormat(48_000, 1), input.Format);
        var at = Sounds.Find(sound, sink.Heard);
        Assert.True(at + sound.Length <= sink.Heard.Length);
        Assert.True(Sounds.Correlation(sound, sink.Heard.AsSpan(at, sound.Length)) > 0.9);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(1000)]
    public async Task What_was_heard_until_it_is_stopped_has_arrived_when_it_is(int block)
    {
        var options = _card.Options() with { InputBlock = TimeSpan.FromMilliseconds(block) };
        await using var output = await PulseAudioOutput.OpenAsync("micfeed", _card.Options());
        var source = new PlayingSource(Sounds.Sweep(60), goesOn: true);
        await output.StartAsync(source);
        using var recording = _card.RecordMicrophone();
        await using var input = await PulseAudioInput.OpenAsync("mic", options);
        for (var run = 0; run < 3; run++)
        {
            var sink = new HearingSink();
            var before = recording.Heard.Length;
            await input.StartAsync(sink);
            await Card.Until(
                () => sink.Heard.Length > 48_000 && recording.Heard.Length > before + 48_000, "both have heard a second");
            var reference = recording.Heard;
            await input.StopAsync();

            // Both heard the same: the beginning of ours is in theirs, and what they had before we stopped, we have too.
            var heard = sink.Heard;
            var at = Sounds.Find(heard[..40_000], reference);
            Assert.True(Sounds.Correlation(heard.AsSpan(0, 40_000), reference.AsSpan(at, 40_000)) > 0.95);
            var missing = reference.Length - at - heard.Length;
            Assert.True(missing <= 0, $"{missing} frames were not delivered.");
        }
    }

    [Fact]
    public async Task Nothing_comes_after_it_is_stopped_and_another_start_hears_again()
    {
        using var recording = _card.RecordMicrophone();
        await using var input = await PulseAudioInput.OpenAsync("mic", _card.Options());
        for (var run = 0; run < 3; run++)
        {
            var sink = new HearingSink();
            await input.StartAsync(sink);
            await sink.HasBegun;
            await input.StopAsync();
            var calls = sink.Calls;
            var recorded = recording.Heard.Length;
            await Card.Until(() => recording.Heard.Length > recorded + 9600, "another program hears a fifth of a second more");
            Assert.Equal(calls, sink.Calls);
        }

        await input.StopAsync();
    }

    [Fact]
    public async Task While_it_is_stopped_the_server_knows_of_no_recording()
    {
        await using var input = await PulseAudioInput.OpenAsync("mic", _card.Options() with { MediaRole = "phone" });
        var before = _card.Pactl("list", "short", "source-outputs");
        await input.StartAsync(new HearingSink());
        var during = _card.Pactl("list", "source-outputs");
        await input.StopAsync();
        Assert.Equal(before, _card.Pactl("list", "short", "source-outputs"));
        Assert.Contains("application.name = \"tests\"", during);
        Assert.Contains("media.role = \"phone\"", during);
    }

    [Fact]
    public async Task It_is_used_by_one_and_not_after_it_is_disposed()
    {
        var input = await PulseAudioInput.OpenAsync("mic", _card.Options());
        await input.StartAsync(new HearingSink());
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await input.StartAsync(new HearingSink()));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await input.StartAsync(null!));
        await input.DisposeAsync();
        await input.DisposeAsync();
        await input.StopAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await input.StartAsync(new HearingSink()));
    }

    [Fact]
    public async Task A_sink_may_stop_it_and_wait_for_that_in_its_own_call()
    {
        await using var input = await PulseAudioInput.OpenAsync("mic", _card.Options());
        var sink = new HearingSink { OnCall = () => input.StopAsync().AsTask().Wait() };
        await input.StartAsync(sink);
        await sink.HasBegun;
        await input.StopAsync().Within();
        Assert.Equal(1, sink.Calls);

        var another = new HearingSink();
        await input.StartAsync(another);
        await another.HasBegun;
    }

    [Fact]
    public async Task A_sink_may_dispose_of_it_and_wait_for_that_in_its_own_call()
    {
        var input = await PulseAudioInput.OpenAsync("mic", _card.Options());
        var sink = new HearingSink { OnCall = () => input.DisposeAsync().AsTask().Wait() };
        await input.StartAsync(sink);
        await sink.HasBegun;
        await input.DisposeAsync().Within();
        Assert.Equal(1, sink.Calls);
        await Card.Until(() => Processes.SoundThreads() == 0, "its thread ends");
    }

    [Fact]
    public async Task A_sink_that_throws_ends_it_with_a_fault()
    {
        await using var input = await PulseAudioInput.OpenAsync("mic", _card.Options());
        var sink = new HearingSink { OnCall = () => throw new FormatException("Mine.") };
        await input.StartAsync(sink);
        var fault = await sink.Fault;
        Assert.Equal("Mine.", Assert.IsType<FormatException>(fault.InnerException).Message);
        await input.StopAsync().Within();
        Assert.Equal(2, sink.Calls);
    }

    [Fact]
    public async Task A_sink_that_throws_at_a_fault_too_harms_nobody()
    {
        await using var input = await PulseAudioInput.OpenAsync("mic", _card.Options());
        var sink = new HearingSink { OnCall = Throw, OnFaultCall = Throw };
        await input.StartAsync(sink);
        await Card.Until(() => sink.Calls == 2, "the fault is told");
        var another = new HearingSink();
        await Card.Until(() => Processes.SoundThreads() == 0, "its thread ends");
        await input.StartAsync(another);
        await another.HasBegun;

        static void Throw() => throw new FormatException("Mine.");
    }

    [Fact]
    public async Task Hearing_allocates_nothing()
    {
        await using var input = await PulseAudioInput.OpenLoopbackAsync(null, _card.Options());
        var sink = new AllocationSink();
        await input.StartAsync(sink);
        await Card.Until(() => sink.Calls > 200, "two hundred blocks are heard");
        await input.StopAsync();
        Assert.Equal(0, sink.Allocated);
    }

    private sealed class AllocationSink : IAudioInputSink
    {
        private long _before;
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        /// <summary>What the device's thread allocated between the first calls, which may, and the last.</summary>
        public long Allocated { get; private set; }

        public void OnAudio(ReadOnlySpan<float> samples)
        {
            var now = GC.GetAllocatedBytesForCurrentThread();
            if (_calls == 20)
                _before = now;
            else if (_calls > 20)
                Allocated = now - _before;
            Volatile.Write(ref _calls, _calls + 1);
        }

        public void OnLost(long frames)
        {
        }

        public void OnFault(AudioDeviceException reason)
        {
        }
    }
}
