using VoiceKit.Audio;
using VoiceKit.Opus;
using VoiceKit.Playback;
using VoiceKit.Recording;
using VoiceKit.Testing;
using VoiceKit.Tests.Support;

namespace VoiceKit.App.Tests;

/// <summary>What VoiceKit.Testing gives to the tests of apps.</summary>
public class TestingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_test_records_and_plays_without_a_sound_card()
    {
        var clock = new TestClock();
        var microphone = new TestMicrophone();
        await using var recorder = new VoiceRecorder(
            microphone, TestOpusCodec.Default, new VoiceRecorderOptions { Drafts = null, Clock = clock });
        await recorder.StartAsync();
        microphone.HearTone(TimeSpan.FromSeconds(1));
        microphone.HearSilence(TimeSpan.FromSeconds(0.5));
        microphone.Lose(TimeSpan.FromSeconds(0.25));
        microphone.HearTone(TimeSpan.FromSeconds(0.25));
        var message = await recorder.FinishAsync();
        Assert.Equal(TimeSpan.FromSeconds(2), message!.Duration);
        Assert.False(microphone.IsStarted);
        var peaks = recorder.GetWaveform(8).Peaks.ToArray();
        Assert.All(peaks[..4], peak => Assert.InRange(peak, 0.45f, 0.55f));
        Assert.All(peaks[4..7], peak => Assert.InRange(peak, 0f, 0.01f));
        Assert.InRange(peaks[7], 0.45f, 0.55f);

        var speaker = new TestSpeaker();
        await using var player = new VoicePlayer(speaker, TestOpusCodec.Default, new VoicePlayerOptions { Clock = clock });
        await player.LoadAsync(message);
        await player.PlayAsync();
        await speaker.PlayToEndAsync();
        await Until(player, PlaybackState.Ended);
        Assert.InRange(speaker.Played.Max(), 0.45f, 0.55f);
        Assert.True(speaker.Played.Count >= 96_000);
    }

    [Fact]
    public async Task A_test_pulls_devices_out_moves_them_and_refuses_them()
    {
        await using var devices = new TestAudioDevices();
        Assert.Equal(3, (await devices.ListAsync()).Count);
        await Assert.ThrowsAsync<AudioDeviceException>(async () => await devices.OpenInputAsync("other"));
        var microphone = devices.Microphone;
        await using var recorder = new VoiceRecorder(
            await devices.OpenInputAsync(TestAudioDevices.MicrophoneId),
            TestOpusCodec.Default,
            new VoiceRecorderOptions { Drafts = null, DeviceTimeout = Patience });
        var refused = new AudioDeviceException("No.", null, AudioDeviceFault.AccessDenied);
        microphone.StartFault = refused;
        Assert.Same(refused, await Assert.ThrowsAsync<AudioDeviceException>(() => recorder.StartAsync()));
        microphone.StartFault = null;
        await recorder.StartAsync();

        var moved = new TaskCompletionSource<string?>();
        recorder.InputChanged += (_, change) => moved.TrySetResult(change);
        microphone.MoveTo("Headset");
        Assert.Equal("Headset", await moved.Task.WaitAsync(Patience));

        var faulted = new TaskCompletionSource<RecordingStateChange>();
        recorder.StateChanged += (_, change) => faulted.TrySetResult(change);
        microphone.HearTone(TimeSpan.FromSeconds(2));
        microphone.Unplug();
        var fault = Assert.IsType<AudioDeviceException>((await faulted.Task.WaitAsync(Patience)).Fault);
        Assert.Equal(AudioDeviceFault.Removed, fault.Fault);
        Assert.Equal(TimeSpan.FromSeconds(2), (await recorder.FinishAsync())!.Duration);
    }

    [Fact]
    public async Task A_clock_says_when_a_silent_microphone_is_given_up()
    {
        var clock = new TestClock();
        var microphone = new TestMicrophone { HangsOnStart = true };
        await using var recorder = new VoiceRecorder(
            microphone, TestOpusCodec.Default, new VoiceRecorderOptions { Drafts = null, Clock = clock });
        var starting = recorder.StartAsync();
        clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(starting.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.2));
        var fault = await Assert.ThrowsAsync<AudioDeviceException>(() => starting.WaitAsync(Patience));
        Assert.Equal(AudioDeviceFault.NotResponding, fault.Fault);
    }

    [Fact]
    public void Timers_of_the_clock_fire_in_their_order_and_at_their_times()
    {
        var clock = new TestClock();
        var start = clock.GetUtcNow();
        var fired = new List<double>();
        using var often = clock.CreateTimer(
            _ => fired.Add((clock.GetUtcNow() - start).TotalSeconds), null, Seconds(1), Seconds(2));
        using var once = clock.CreateTimer(
            _ => fired.Add(-(clock.GetUtcNow() - start).TotalSeconds), null, Seconds(4), Timeout.InfiniteTimeSpan);
        clock.Advance(Seconds(3.5));
        Assert.Equal([1, 3], fired);
        clock.Advance(Seconds(2));
        Assert.Equal([1, 3, -4, 5], fired);
        often.Dispose();
        clock.Advance(Seconds(100));
        Assert.Equal(4, fired.Count);
        Assert.Equal(Seconds(105.5), clock.GetElapsedTime(0));
    }

    [Theory]
    [InlineData(48_000, 1, 2.5)]
    [InlineData(48_000, 2, 5)]
    [InlineData(16_000, 1, 10)]
    [InlineData(48_000, 1, 20)]
    [InlineData(12_000, 2, 40)]
    [InlineData(24_000, 1, 60)]
    [InlineData(48_000, 2, 120)]
    public async Task What_the_codec_encodes_is_well_formed_and_comes_back(int rate, int channels, double packet)
    {
        using var folder = new TemporaryFolder();
        var pcm = new float[rate * channels];
        for (var i = 0; i < pcm.Length; i++)
            pcm[i] = (float)(0.4 * Math.Sin(2 * Math.PI * (300 + 200 * (i % channels)) * (i / channels) / rate));
        var options = new VoiceEncodingOptions
        {
            Channels = channels,
            Encoder = new OpusEncoderOptions { SampleRate = rate, PacketDuration = TimeSpan.FromMilliseconds(packet) },
        };
        var message = await VoiceMessage.EncodeAsync(pcm, new AudioFormat(rate, channels), TestOpusCodec.Default, options);
        var again = await VoiceMessage.EncodeAsync(pcm, new AudioFormat(rate, channels), TestOpusCodec.Default, options);
        Assert.Equal(message.Size, again.Size);
        Assert.Equal(TimeSpan.FromSeconds(1), message.Duration);
        await message.SaveAsync(folder["a.opus"]);
        Assert.Empty(Oracle.Warnings(folder["a.opus"]));

        using var reader = message.OpenAudio(TestOpusCodec.Default, rate, channels);
        var decoded = new List<float>();
        var buffer = new float[10_000];
        int count;
        while ((count = reader.Read(buffer)) > 0)
            decoded.AddRange(buffer.AsSpan(0, count));
        Assert.Equal(pcm.Length, decoded.Count);
        var noise = pcm.Zip(decoded, (left, right) => (left - right) * (left - right)).Sum();
        var signal = pcm.Sum(sample => sample * sample);
        Assert.InRange(10 * Math.Log10(signal / noise), 8, 100);
    }

    [Fact]
    public void The_codec_gives_silence_for_what_it_does_not_know_and_refuses_what_is_no_packet()
    {
        using var decoder = TestOpusCodec.Default.CreateDecoder(48_000, 1);
        var pcm = new float[5_760];
        Array.Fill(pcm, 1);
        Assert.Equal(960, decoder.Decode([31 << 3, 1, 2, 3], pcm));
        Assert.All(pcm[..960], sample => Assert.Equal(0, sample));
        Assert.Throws<VoiceFormatException>(() => decoder.Decode([], pcm));
        Assert.Throws<VoiceFormatException>(() => decoder.Decode([(31 << 3) | 3, 0], pcm));
        Assert.Throws<ArgumentException>(() => decoder.Decode([31 << 3, 1], pcm.AsSpan(0, 10)));
        var missing = new TestOpusCodec { Fault = new OpusCodecException("The library is missing.", "test") };
        Assert.Throws<OpusCodecException>(() => missing.CreateDecoder(48_000, 1));
        Assert.Throws<OpusCodecException>(() => missing.CreateEncoder(new OpusEncoderOptions()));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static async Task Until(IVoicePlayer player, PlaybackState state)
    {
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var progress in player.WatchAsync(patience.Token))
        {
            if (progress.State == state)
                return;
        }
    }
}
