using VoiceKit.Audio;

namespace VoiceKit.PulseAudio.Tests;

public sealed class PulseAudioDevicesTests : IDisposable
{
    private readonly VirtualSoundCard _card = new();

    public void Dispose() => _card.Dispose();

    [Fact]
    public async Task All_devices_are_listed_as_what_they_are()
    {
        await using var devices = await PulseAudioDevices.OpenAsync(_card.Options());
        var (mono, stereo) = (new AudioFormat(48_000, 1), new AudioFormat(48_000, 2));
        Assert.Equal(
            [
                new("mic", "TestMicrophone", AudioDeviceKind.Input) { IsDefault = true, Format = mono, IsMuted = false },
                new("micfeed", "MicFeed", AudioDeviceKind.Output) { Format = mono, IsMuted = false },
                new("micfeed.monitor", "Monitor of MicFeed", AudioDeviceKind.Loopback) { Format = mono, IsMuted = false },
                new("speakers", "TestSpeakers", AudioDeviceKind.Output) { IsDefault = true, Format = stereo, IsMuted = false },
                new("speakers.monitor", "Monitor of TestSpeakers", AudioDeviceKind.Loopback)
                {
                    IsDefault = true, Format = stereo, IsMuted = false,
                },
            ],
            (await devices.ListAsync()).OrderBy(device => device.Id, StringComparer.Ordinal).ToArray());
    }

    [Fact]
    public async Task What_changes_is_told()
    {
        await using var devices = await PulseAudioDevices.OpenAsync(_card.Options());
        using var changed = new SemaphoreSlim(0);
        devices.Changed += (_, _) => changed.Release();

        var module = _card.LoadModule("module-null-sink", "norewinds=1", "sink_name=headphones", "rate=44100", "channels=1");
        var headphones = await UntilAsync("headphones", device => device is not null);
        Assert.Equal((AudioDeviceKind.Output, new AudioFormat(44_100, 1)), (headphones!.Kind, headphones.Format));
        _card.Pactl("set-default-sink", "headphones");
        await UntilAsync("headphones", device => device!.IsDefault);
        await UntilAsync("headphones.monitor", device => device!.IsDefault);
        await UntilAsync("speakers", device => !device!.IsDefault);
        _card.Pactl("set-source-mute", "mic", "1");
        await UntilAsync("mic", device => device!.IsMuted == true);
        _card.Pactl("unload-module", module);
        await UntilAsync("headphones", device => device is null);

        async Task<AudioDeviceInfo?> UntilAsync(string id, Func<AudioDeviceInfo?, bool> isSo)
        {
            while (true)
            {
                var device = (await devices.ListAsync()).SingleOrDefault(device => device.Id == id);
                if (isSo(device))
                    return device;
                Assert.True(await changed.WaitAsync(Card.Patience), $"No change of {id} is told.");
            }
        }
    }

    [Fact]
    public async Task A_change_is_told_without_being_asked_for()
    {
        await using var devices = await PulseAudioDevices.OpenAsync(_card.Options());
        using var changed = new SemaphoreSlim(0);
        devices.Changed += (_, _) => changed.Release();
        _card.Pactl("set-source-mute", "mic", "1");
        Assert.True(await changed.WaitAsync(Card.Patience));
    }

    [Fact]
    public async Task A_server_that_goes_and_comes_back_is_found_again()
    {
        await using var devices = await PulseAudioDevices.OpenAsync(_card.Options());
        var changed = new TaskCompletionSource();
        devices.Changed += (_, _) => changed.TrySetResult();
        _card.KillServer();
        await changed.Task.WaitAsync(Card.Patience);
        var exception = await Assert.ThrowsAsync<AudioDeviceException>(async () => await devices.ListAsync());
        Assert.Equal(AudioDeviceFault.ServiceUnavailable, exception.Fault);

        _card.RestartServer();
        Assert.Equal(5, (await devices.ListAsync()).Count);
        changed = new TaskCompletionSource();
        _card.Pactl("set-source-mute", "mic", "1");
        await changed.Task.WaitAsync(Card.Patience);
    }

    [Fact]
    public async Task What_is_listed_can_be_opened_and_outlives_the_list()
    {
        var devices = await PulseAudioDevices.OpenAsync(_card.Options());
        var inputs = new List<IAudioInput>();
        var outputs = new List<IAudioOutput>();
        foreach (var device in await devices.ListAsync())
        {
            if (device.Kind == AudioDeviceKind.Output)
                outputs.Add(await devices.OpenOutputAsync(device.Id));
            else if (device.Kind == AudioDeviceKind.Input)
                inputs.Add(await devices.OpenInputAsync(device.Id));
            else
                inputs.Add(await devices.OpenLoopbackAsync(device.Id));
        }

        await devices.DisposeAsync();
        await devices.DisposeAsync();
        Assert.Equal((3, 2), (inputs.Count, outputs.Count));
        foreach (var input in inputs)
        {
            var sink = new HearingSink();
            await input.StartAsync(sink);
            await sink.HasBegun;
            await input.DisposeAsync();
        }

        foreach (var output in outputs)
        {
            var source = new PlayingSource(new float[4800]);
            await output.StartAsync(source);
            await source.Ended;
            await output.DisposeAsync();
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await devices.ListAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await devices.OpenInputAsync());
        await Card.Until(() => Processes.SoundThreads() == 0, "the threads end");
    }

    [Fact]
    public void Options_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PulseAudioOptions { InputChannels = 3 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PulseAudioOptions { OutputChannels = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PulseAudioOptions { InputBlock = TimeSpan.FromMilliseconds(4) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PulseAudioOptions { OutputBuffer = TimeSpan.FromSeconds(2) });
    }
}
