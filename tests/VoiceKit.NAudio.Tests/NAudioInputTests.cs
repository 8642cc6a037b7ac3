using NAudio.Wave;
using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Recording;
using VoiceKit.Tests.Support;

namespace VoiceKit.NAudio.Tests;

public class NAudioInputTests
{
    private const int DeviceInvalidated = unchecked((int)0x88890004);
    private const int AccessDenied = unchecked((int)0x80070005);

    private static readonly WaveFormat Mono16 = new(48_000, 16, 1);

    public static TheoryData<string> AllFormats => [.. Formats.All.Keys];

    [Theory]
    [MemberData(nameof(AllFormats))]
    public async Task Every_wave_format_is_heard_as_NAudio_reads_it(string name)
    {
        var format = Formats.All[name];
        var bytes = Formats.Bytes(format, frames: 3000);
        var device = new FakeWaveIn(format);
        await using var input = new NAudioInput(device);
        Assert.Equal(new AudioFormat(format.SampleRate, format.Channels), input.Format);
        var listener = new Listener();
        await input.StartAsync(listener);
        device.Hear(bytes, 1, 7, 1000, 3, 4097);
        await input.StopAsync();
        Pcm.AssertClose(name, Formats.Read(format, bytes), listener.Heard, 1e-6f);
    }

    [Fact]
    public void Formats_that_are_not_read_are_refused()
    {
        WaveFormat[] formats = [new AdpcmWaveFormat(8000, 1), new Gsm610WaveFormat(), new(48_000, 20, 1), new(48_000, 12, 2)];
        Assert.All(formats, format => Assert.Throws<ArgumentException>(() => new NAudioInput(new FakeWaveIn(format))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_heard_up_to_the_stop_arrives_and_nothing_after_it(bool joins)
    {
        var device = new FakeWaveIn(Mono16) { JoinsOnStop = joins };
        await using var input = new NAudioInput(device, "Mic");
        Assert.Equal("Mic", input.Name);
        var listener = new Listener();
        for (var start = 1; start <= 3; start++)
        {
            await input.StartAsync(listener);
            device.Hear(new byte[960]);
            var stop = input.StopAsync().AsTask();

            // The device hands over what it has heard meanwhile with its next block.
            device.Hear(new byte[960]);
            await stop;
            Assert.False(device.IsRecording);
            device.Hear(new byte[960]);
            await input.StopAsync();
        }

        Assert.InRange(listener.Heard.Length, 5 * 480, 6 * 480);
    }

    [Fact]
    public async Task A_device_that_breaks_is_a_fault_and_can_be_started_again()
    {
        var device = new FakeWaveIn(Mono16);
        await using var input = new NAudioInput(device);
        var listener = new Listener();
        await input.StartAsync(listener);
        device.Hear(new byte[960]);
        var cause = new IOException("Unplugged.", DeviceInvalidated);
        device.Break(cause);
        var fault = await listener.Fault;
        Assert.Equal((AudioDeviceFault.Removed, cause), (fault.Fault, fault.InnerException));
        Assert.Contains("Unplugged.", fault.Message);

        var second = new Listener();
        await input.StartAsync(second);
        device.Hear(new byte[960]);
        await input.StopAsync();
        Assert.Equal((480, 480), (listener.Heard.Length, second.Heard.Length));
    }

    [Fact]
    public async Task A_device_that_stops_by_itself_is_a_fault()
    {
        var device = new FakeWaveIn(Mono16);
        await using var input = new NAudioInput(device);
        var listener = new Listener();
        await input.StartAsync(listener);
        device.GoAway();
        Assert.Null((await listener.Fault).InnerException);
        await input.StopAsync();
    }

    [Fact]
    public async Task A_device_that_does_not_start_says_why()
    {
        var device = new FakeWaveIn(Mono16) { StartFault = new IOException("No.", AccessDenied) };
        await using var input = new NAudioInput(device, "Mic");
        var fault = await Assert.ThrowsAsync<AudioDeviceException>(() => input.StartAsync(new Listener()).AsTask());
        Assert.Equal(AudioDeviceFault.AccessDenied, fault.Fault);
        Assert.Contains("Mic", fault.Message);

        device.StartFault = null;
        await input.StartAsync(new Listener());
        await Assert.ThrowsAsync<InvalidOperationException>(() => input.StartAsync(new Listener()).AsTask());
        await input.StopAsync();

        device.WaveFormat = new WaveFormat(44_100, 16, 1);
        await Assert.ThrowsAsync<AudioDeviceException>(() => input.StartAsync(new Listener()).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => input.StartAsync(new Listener(), new(true)).AsTask());
        await input.DisposeAsync();
        Assert.True(device.IsDisposed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => input.StartAsync(new Listener()).AsTask());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_can_be_stopped_or_disposed_in_a_callback(bool disposes)
    {
        var device = new FakeWaveIn(Mono16);
        await using var input = new NAudioInput(device);
        var listener = new Listener();
        listener.OnBlock = () => Assert.True((disposes ? input.DisposeAsync().AsTask() : input.StopAsync().AsTask()).IsCompleted);
        await input.StartAsync(listener);
        device.Hear(new byte[960]);
        device.Hear(new byte[960]);
        Assert.Equal(480, listener.Heard.Length);
        if (disposes)
        {
            Assert.True(SpinWait.SpinUntil(() => device.IsDisposed, TimeSpan.FromMinutes(1)));
            return;
        }

        var second = new Listener();
        await input.StartAsync(second);
        device.Hear(new byte[960]);
        await input.StopAsync();
        Assert.Equal(480, second.Heard.Length);
    }

    [Fact]
    public async Task It_can_be_started_again_when_it_has_told_of_a_fault()
    {
        var device = new FakeWaveIn(Mono16);
        await using var input = new NAudioInput(device);
        var second = new Listener();
        var restart = new TaskCompletionSource<Task>();
        var listener = new Listener { OnBreak = () => restart.SetResult(input.StartAsync(second).AsTask()) };
        await input.StartAsync(listener);
        device.Break(new IOException());
        await await restart.Task;
        device.Hear(new byte[960]);
        await input.StopAsync();
        Assert.Equal(480, second.Heard.Length);
    }

    [Fact]
    public async Task An_app_that_throws_ends_the_recording_and_not_the_process()
    {
        var device = new FakeWaveIn(Mono16);
        await using var input = new NAudioInput(device);
        var cause = new FormatException();
        var listener = new Listener { OnBlock = () => throw cause };
        await input.StartAsync(listener);
        device.Hear(new byte[960]);
        Assert.Same(cause, (await listener.Fault).InnerException);
        await input.StartAsync(new Listener());
        await input.StopAsync();
    }

    [Fact]
    public async Task A_device_that_does_not_stop_is_left_and_not_started_again()
    {
        var device = new FakeWaveIn(Mono16) { IgnoresStop = true };
        var input = new NAudioInput(device, leaveOpen: true);
        var listener = new Listener();
        await input.StartAsync(listener);
        await input.StopAsync(new CancellationToken(true));
        device.Hear(new byte[960]);
        Assert.Empty(listener.Heard);
        await input.StopAsync();
        var fault = await Assert.ThrowsAsync<AudioDeviceException>(() => input.StartAsync(listener).AsTask());
        Assert.Equal(AudioDeviceFault.NotResponding, fault.Fault);
        await input.DisposeAsync();
        Assert.False(device.IsDisposed);
        device.GoAway();
    }

    [Fact]
    public async Task A_message_is_recorded_as_it_is_encoded()
    {
        var format = new WaveFormat(44_100, 16, 2);
        var bytes = Formats.Bytes(format, frames: 44_100 * 2);
        var device = new FakeWaveIn(format);
        await using var recorder = NewRecorder(device);
        await recorder.StartAsync();
        device.Hear(bytes, 4410, 8821, 1);
        var message = await recorder.FinishAsync();
        Assert.Equal(96_000, message!.Info.Samples);
        var expected = Pcm.Encode(Formats.Read(format, bytes), format.ToAudioFormat(), new VoiceEncodingOptions());
        using var stream = message.OpenRead();
        var actual = new byte[stream.Length];
        stream.ReadExactly(actual);
        Assert.Equal(Pcm.PacketsOf(expected), Pcm.PacketsOf(actual));
        Assert.False(device.IsRecording);
    }

    [Fact]
    public async Task A_message_goes_on_with_another_microphone_when_one_is_unplugged()
    {
        var first = new FakeWaveIn(Mono16);
        await using var recorder = NewRecorder(first);
        var faulted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        recorder.StateChanged += (_, change) =>
        {
            if (change.Current == RecordingState.Faulted)
                faulted.TrySetResult();
        };
        await recorder.StartAsync();
        first.Hear(Formats.Bytes(Mono16, 48_000), 960);
        first.Break(new IOException("Unplugged."));
        await faulted.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.IsType<AudioDeviceException>(recorder.Fault);

        var float32 = WaveFormat.CreateIeeeFloatWaveFormat(16_000, 1);
        var second = new FakeWaveIn(float32);
        await recorder.ResumeAsync(new NAudioInput(second));
        second.Hear(Formats.Bytes(float32, 16_000), 640);
        var message = await recorder.FinishAsync();
        Assert.Equal(96_000, message!.Info.Samples);
    }

    private static VoiceRecorder NewRecorder(IWaveIn device) => new(
        new NAudioInput(device),
        LibOpusCodec.Default,
        new VoiceRecorderOptions { DeviceTimeout = TimeSpan.FromMinutes(2), Drafts = null });
}
