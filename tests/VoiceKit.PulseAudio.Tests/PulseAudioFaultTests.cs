using System.Collections.Concurrent;
using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Recording;

namespace VoiceKit.PulseAudio.Tests;

/// <summary>Servers and devices that go or fall silent.</summary>
public sealed class PulseAudioFaultTests : IDisposable
{
    private readonly VirtualSoundCard _card = new();

    public static TheoryData<string, AudioDeviceFault> Happenings => new()
    {
        { "the server is killed", AudioDeviceFault.ServiceUnavailable },
        { "the server is frozen", AudioDeviceFault.NotResponding },
        { "the device is removed", AudioDeviceFault.Removed },
        { "the device is suspended", AudioDeviceFault.Suspended },
    };

    public void Dispose() => _card.Dispose();

    [Theory]
    [MemberData(nameof(Happenings))]
    public async Task An_input_tells_its_sink_why_it_ends(string happening, AudioDeviceFault expected)
    {
        var input = await PulseAudioInput.OpenAsync("mic", _card.Options());
        var sink = new HearingSink();
        await input.StartAsync(sink);
        await sink.HasBegun;
        LetHappen(happening, "suspend-source", "mic");
        var fault = await sink.Fault;
        Assert.Equal((expected, "mic"), (fault.Fault, fault.DeviceId));

        var calls = sink.Calls;
        await input.StopAsync().Within();
        await input.DisposeAsync().Within();
        Assert.Equal(calls, sink.Calls);
        await Card.Until(() => Processes.SoundThreads() == 0, "the threads end");
    }

    [Theory]
    [MemberData(nameof(Happenings))]
    public async Task An_output_tells_its_source_why_it_ends(string happening, AudioDeviceFault expected)
    {
        var output = await PulseAudioOutput.OpenAsync("speakers", _card.Options());
        var source = new PlayingSource([], goesOn: true);
        await output.StartAsync(source);
        await Card.Until(() => source.Given > 2 * 24_000, "half a second is played");
        LetHappen(happening, "suspend-sink", "speakers");
        var fault = await source.Fault;
        Assert.Equal((expected, "speakers"), (fault.Fault, fault.DeviceId));

        var calls = source.Calls;
        await output.StopAsync().Within();
        await output.DisposeAsync().Within();
        Assert.Equal(calls, source.Calls);
        Assert.Equal(TimeSpan.Zero, output.Latency);
        await Card.Until(() => Processes.SoundThreads() == 0, "the threads end");
    }

    [Fact]
    public async Task An_output_whose_server_freezes_before_the_end_is_heard_tells_it()
    {
        var options = _card.Options() with { OutputBuffer = TimeSpan.FromSeconds(1) };
        await using var output = await PulseAudioOutput.OpenAsync("speakers", options);
        var source = new PlayingSource(new float[48_000]);
        source.OnCall = () =>
        {
            if (source.Given == 48_000)
                _card.FreezeServer();
        };
        await output.StartAsync(source);
        Assert.Equal(AudioDeviceFault.NotResponding, (await source.Fault).Fault);
        Assert.False(source.HasEnded);
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_a_frozen_server()
    {
        await using var input = await PulseAudioInput.OpenAsync("mic", _card.Options());
        await using var output = await PulseAudioOutput.OpenAsync("speakers", _card.Options());
        await input.StartAsync(new HearingSink());
        await output.StartAsync(new PlayingSource([], goesOn: true));
        _card.FreezeServer();
        await input.StopAsync().Within();
        await output.StopAsync().Within();
        await input.DisposeAsync().Within();
        await output.DisposeAsync().Within();
    }

    [Fact]
    public async Task A_sink_may_stop_it_and_wait_for_that_when_it_hears_of_a_fault()
    {
        await using var input = await PulseAudioInput.OpenAsync("mic", _card.Options());
        var sink = new HearingSink();
        await input.StartAsync(sink);
        await sink.HasBegun;
        sink.OnFaultCall = () => input.StopAsync().AsTask().Wait();
        _card.KillServer();
        await sink.Fault;
        await input.StopAsync().Within();
    }

    [Fact]
    public async Task After_a_fault_it_can_be_started_again_when_the_server_is_back()
    {
        await using var input = await PulseAudioInput.OpenAsync("mic", _card.Options());
        await using var output = await PulseAudioOutput.OpenAsync("micfeed", _card.Options());
        var sink = new HearingSink();
        await input.StartAsync(sink);
        await sink.HasBegun;
        _card.KillServer();
        await sink.Fault;
        var exception = await Assert.ThrowsAsync<AudioDeviceException>(async () => await input.StartAsync(new HearingSink()));
        Assert.Equal(AudioDeviceFault.ServiceUnavailable, exception.Fault);

        _card.RestartServer();
        var another = new HearingSink();
        await input.StartAsync(another);
        var source = new PlayingSource(Sounds.Sweep(1));
        await output.StartAsync(source);
        await source.Ended;
        await input.StopAsync();
        Sounds.AssertAllHeard(Sounds.Sweep(1), another.Heard);
    }

    [Fact]
    public async Task After_it_was_suspended_it_can_be_started_again_when_it_is_resumed()
    {
        await using var input = await PulseAudioInput.OpenAsync("mic", _card.Options());
        var sink = new HearingSink();
        await input.StartAsync(sink);
        await sink.HasBegun;
        _card.Pactl("suspend-source", "mic", "1");
        await sink.Fault;
        _card.Pactl("suspend-source", "mic", "0");
        var another = new HearingSink();
        await input.StartAsync(another);
        await another.HasBegun;
    }

    [Fact]
    public async Task A_device_that_is_suspended_from_the_start_is_told()
    {
        await using var input = await PulseAudioInput.OpenAsync("mic", _card.Options());
        _card.Pactl("suspend-source", "mic", "1");
        var sink = new HearingSink();
        await input.StartAsync(sink);
        Assert.Equal(AudioDeviceFault.Suspended, (await sink.Fault).Fault);
    }

    [Fact]
    public async Task The_default_input_goes_on_with_another_device_when_its_own_is_removed()
    {
        _card.LoadModule("module-remap-source", "source_name=other", "master=micfeed.monitor");
        await using var input = await PulseAudioInput.OpenAsync(null, _card.Options());
        var sink = new HearingSink();
        await input.StartAsync(sink);
        await sink.HasBegun;
        _card.RemoveDevice("mic");
        var heard = sink.Heard.Length;
        await Card.Until(() => sink.Heard.Length > heard + 48_000, "a second more is heard");
        Assert.False(sink.HasFault);
        await Card.Until(() => !sink.Moves.IsEmpty, "the move is told");
        var moved = Assert.Single(sink.Moves);
        Assert.NotEqual("TestMicrophone", moved);
        Assert.Equal(moved, input.Name);
    }

    [Fact]
    public async Task A_recorder_tells_of_the_device_that_the_default_input_goes_on_with()
    {
        _card.LoadModule(
            "module-remap-source", "source_name=other", "master=micfeed.monitor", "source_properties=device.description=Other");
        await using var recorder = new VoiceRecorder(
            await PulseAudioInput.OpenAsync(null, _card.Options()), LibOpusCodec.Default, new VoiceRecorderOptions
            {
                Drafts = null,
            });
        var changes = new ConcurrentQueue<string?>();
        recorder.InputChanged += (_, change) => changes.Enqueue(change);
        await recorder.StartAsync();
        await Card.Until(() => recorder.Elapsed > TimeSpan.FromSeconds(1), "a second is recorded");
        _card.Pactl("set-default-source", "other");
        await Card.Until(() => !changes.IsEmpty, "the change is told");
        Assert.Equal("Other", Assert.Single(changes));
        Assert.Equal(RecordingState.Recording, recorder.State);
        Assert.NotNull(await recorder.FinishAsync());
    }

    [Fact]
    public async Task A_named_input_is_never_moved_however_its_device_is_removed()
    {
        // A server that looks for another device has two to choose from. The default one is not the one that goes.
        _card.Pactl("set-default-source", "speakers.monitor");
        for (var round = 0; round < 16; round++)
        {
            var feed = _card.LoadModule("module-null-sink", "norewinds=1", $"sink_name=feed{round}", "channels=1");
            var plug = _card.LoadModule("module-remap-source", $"source_name=plug{round}", $"master=feed{round}.monitor");
            await using var input = await PulseAudioInput.OpenAsync($"plug{round}", _card.Options());
            var sink = new HearingSink();
            await input.StartAsync(sink);

            // Now and then before the first sound, while the server still makes the stream.
            if (round % 4 != 3)
                await sink.HasBegun;
            _card.Pactl("unload-module", round % 2 == 0 ? plug : feed);
            var fault = await sink.Fault;
            Assert.Equal((AudioDeviceFault.Removed, $"plug{round}"), (fault.Fault, fault.DeviceId));
            Assert.Empty(sink.Moves);
            var heard = sink.Heard.Length;
            await input.StopAsync().Within();
            Assert.Equal(heard, sink.Heard.Length);
            if (round % 2 == 0)
                _card.Pactl("unload-module", feed);
        }
    }

    [Fact]
    public async Task A_device_that_is_not_there_is_not_found()
    {
        foreach (var open in new Func<Task>[]
        {
            async () => await PulseAudioInput.OpenAsync("nothing", _card.Options()),
            async () => await PulseAudioInput.OpenAsync("speakers", _card.Options()),
            async () => await PulseAudioInput.OpenLoopbackAsync("mic", _card.Options()),
            async () => await PulseAudioOutput.OpenAsync("mic", _card.Options()),
        })
        {
            var exception = await Assert.ThrowsAsync<AudioDeviceException>(open);
            Assert.Equal(AudioDeviceFault.NotFound, exception.Fault);
            Assert.NotNull(exception.DeviceId);
        }

        await Card.Until(() => Processes.SoundThreads() == 0, "the threads end");
    }

    [Fact]
    public async Task A_device_that_is_removed_while_stopped_is_not_found_at_the_next_start()
    {
        await using var input = await PulseAudioInput.OpenAsync("mic", _card.Options());
        _card.RemoveDevice("mic");
        var exception = await Assert.ThrowsAsync<AudioDeviceException>(async () => await input.StartAsync(new HearingSink()));
        Assert.Equal((AudioDeviceFault.NotFound, "mic"), (exception.Fault, exception.DeviceId));
    }

    [Fact]
    public async Task Without_a_server_the_service_is_unavailable()
    {
        var options = new PulseAudioOptions { Server = $"unix:{_card.Folder}/nobody" };
        foreach (var open in new Func<Task>[]
        {
            async () => await PulseAudioDevices.OpenAsync(options),
            async () => await PulseAudioInput.OpenAsync(null, options),
            async () => await PulseAudioOutput.OpenAsync(null, options),
        })
        {
            var exception = await Assert.ThrowsAsync<AudioDeviceException>(open);
            Assert.Equal(AudioDeviceFault.ServiceUnavailable, exception.Fault);
        }

        await Card.Until(() => Processes.SoundThreads() == 0, "the threads end");
    }

    [Fact]
    public async Task A_frozen_server_is_not_waited_for_for_ever()
    {
        await using var input = await PulseAudioInput.OpenAsync("mic", _card.Options());
        _card.FreezeServer();
        var opening = await Assert.ThrowsAsync<AudioDeviceException>(
            async () => await PulseAudioInput.OpenAsync("mic", _card.Options()).AsTask().WaitAsync(Card.Patience));
        Assert.Equal(AudioDeviceFault.NotResponding, opening.Fault);
        var starting = await Assert.ThrowsAsync<AudioDeviceException>(
            async () => await input.StartAsync(new HearingSink()).AsTask().WaitAsync(Card.Patience));
        Assert.Equal(AudioDeviceFault.NotResponding, starting.Fault);

        using var cancellation = new CancellationTokenSource();
        var waiting = PulseAudioOutput.OpenAsync("speakers", _card.Options(), cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        await Card.Until(() => Processes.SoundThreads() == 0, "the threads end");

        _card.ThawServer();
        var sink = new HearingSink();
        await input.StartAsync(sink);
        await sink.HasBegun;
    }

    private void LetHappen(string happening, string suspend, string device)
    {
        switch (happening)
        {
            case "the server is killed":
                _card.KillServer();
                break;
            case "the server is frozen":
                _card.FreezeServer();
                break;
            case "the device is removed":
                _card.RemoveDevice(device);
                break;
            default:
                _card.Pactl(suspend, device, "1");
                break;
        }
    }
}
