using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Recording;

namespace VoiceKit.PulseAudio.Tests;

public sealed class RecorderOnDevicesTests : IDisposable
{
    private readonly VirtualSoundCard _card = new();

    private VoiceDrafts Drafts => new(Path.Combine(_card.Folder, "drafts"));

    public void Dispose() => _card.Dispose();

    // At 24 kbit/s the codec alone brings the correlation of this voice to 0.94.
    [Fact]
    public Task What_is_said_into_the_microphone_is_what_the_recording_holds() => RealTime.RunAsync(async () =>
    {
        var input = await PulseAudioInput.OpenAsync("mic", _card.Options());
        await using var recorder = NewRecorder(input, 64_000);
        await recorder.StartAsync();
        await HearsAsync(recorder);
        _card.FeedMicrophone(_card.WriteWav(Speech.Samples, 1));
        var message = await recorder.FinishAsync();

        Assert.Equal(recorder.Elapsed, message!.Duration);
        Sounds.AssertHeard(Trimmed(Speech.Samples), Speech.Decode(message));
    });

    [Fact]
    public async Task A_pause_leaves_no_gap_and_no_click()
    {
        // A tone that goes on all the time: wherever it is cut, nothing but the cut can jump or be quiet.
        var tone = new float[12 * Sounds.Rate];
        for (var i = 0; i < tone.Length; i++)
            tone[i] = (float)(0.3 * Math.Sin(2 * Math.PI * 300 * i / Sounds.Rate));
        var input = await PulseAudioInput.OpenAsync("mic", _card.Options());
        await using var recorder = NewRecorder(input, 64_000);
        using var feeding = _card.Start("paplay", "--latency-msec=1000", "-d", "micfeed", _card.WriteWav(tone, 1));
        await recorder.StartAsync();
        await LastsAsync(recorder, TimeSpan.FromSeconds(3));
        await recorder.PauseAsync();
        var pausedAt = recorder.Elapsed;
        await Task.Delay(500);
        Assert.Equal(pausedAt, recorder.Elapsed);
        await recorder.ResumeAsync();
        await LastsAsync(recorder, pausedAt + TimeSpan.FromSeconds(1));
        var message = await recorder.FinishAsync();

        var heard = Speech.Decode(message!);
        var seam = (int)(pausedAt.TotalSeconds * Sounds.Rate);
        var steepest = 0.3f * 2 * MathF.PI * 300 / Sounds.Rate;
        for (var i = seam - 2400; i < seam + 2400; i++)
            Assert.True(
                Math.Abs(heard[i] - heard[i - 1]) < 2.5f * steepest,
                $"It jumps from {heard[i - 1]} to {heard[i]}, {i - seam} from the seam.");
        Assert.True(Loudness(heard.AsSpan(seam - 1200, 600)) > 0.15);
        Assert.True(Loudness(heard.AsSpan(seam + 600, 600)) > 0.15);
        Assert.Single(message!.Info.Links);
        Assert.Empty(message.Info.Defects);
    }

    [Fact]
    public Task Loopback_records_what_the_computer_plays() => RealTime.RunAsync(async () =>
    {
        var input = await PulseAudioInput.OpenLoopbackAsync(null, _card.Options());
        await using var recorder = NewRecorder(input, 64_000);
        await recorder.StartAsync();
        await HearsAsync(recorder);
        _card.PlayOnSpeakers(_card.WriteWav(Sounds.Stereo(Speech.Samples, Speech.Samples), 2));
        var message = await recorder.FinishAsync();
        Sounds.AssertHeard(Trimmed(Speech.Samples), Speech.Decode(message!));
    });

    [Fact]
    public async Task A_sound_server_that_is_killed_leaves_a_draft_that_is_recovered_and_one_that_goes_on()
    {
        var drafts = Drafts;
        var input = await PulseAudioInput.OpenAsync("mic", _card.Options());
        await using var recorder = NewRecorder(input, 24_000, drafts);
        var faulted = new TaskCompletionSource<RecordingStateChange>();
        recorder.StateChanged += (_, change) =>
        {
            if (change.Current == RecordingState.Faulted)
                faulted.TrySetResult(change);
        };
        await recorder.StartAsync();
        await LastsAsync(recorder, TimeSpan.FromSeconds(2));
        _card.KillServer();
        var fault = Assert.IsType<AudioDeviceException>((await faulted.Task.WaitAsync(Card.Patience)).Fault);
        Assert.Equal(AudioDeviceFault.ServiceUnavailable, fault.Fault);
        var before = recorder.Elapsed;

        // Another process finds the draft as a crash would leave it.
        var copy = Path.Combine(_card.Folder, "copies");
        Directory.CreateDirectory(copy);
        _card.Run("cp", "-r", drafts.Folder + "/.", copy);
        var left = new VoiceDrafts(copy);
        var recovered = await left.RecoverAsync(Assert.Single(left.List()));
        Assert.InRange((before - recovered.Duration).TotalSeconds, 0, 0.05);

        _card.RestartServer();
        await recorder.ResumeAsync(await PulseAudioInput.OpenAsync("mic", _card.Options()));
        await LastsAsync(recorder, before + TimeSpan.FromSeconds(1));
        var message = await recorder.FinishAsync();
        Assert.Equal(recorder.Elapsed, message!.Duration);
        Assert.Single(message.Info.Links);
        Assert.Empty(message.Info.Defects);
    }

    [Fact]
    public async Task A_microphone_that_is_unplugged_is_a_fault_with_a_reason()
    {
        var input = await PulseAudioInput.OpenAsync("mic", _card.Options());
        await using var recorder = NewRecorder(input, 24_000);
        await recorder.StartAsync();
        await LastsAsync(recorder, TimeSpan.FromSeconds(1.5));
        _card.RemoveDevice("mic");
        await Card.Until(() => recorder.State == RecordingState.Faulted, "the recorder is faulted");
        Assert.Equal(AudioDeviceFault.Removed, Assert.IsType<AudioDeviceException>(recorder.Fault).Fault);
        Assert.Equal(recorder.Elapsed, (await recorder.FinishAsync())!.Duration);
    }

    private static VoiceRecorder NewRecorder(IAudioInput input, int bitrate, VoiceDrafts? drafts = null) => new(
        input,
        LibOpusCodec.Default,
        new VoiceRecorderOptions
        {
            Drafts = drafts,
            DeviceTimeout = Card.Patience,
            Encoding = new VoiceEncodingOptions { Encoder = new() { Bitrate = bitrate } },
        });

    private static Task HearsAsync(VoiceRecorder recorder) => LastsAsync(recorder, TimeSpan.FromTicks(1));

    private static Task LastsAsync(VoiceRecorder recorder, TimeSpan time) =>
        Card.Until(() => recorder.Elapsed >= time, $"the recording lasts {time}");

    // Silence at the ends has no place of its own.
    private static float[] Trimmed(float[] samples)
    {
        var first = Array.FindIndex(samples, sample => Math.Abs(sample) > 0.01f);
        var last = Array.FindLastIndex(samples, sample => Math.Abs(sample) > 0.01f);
        return samples[first..(last + 1)];
    }

    private static double Loudness(ReadOnlySpan<float> samples)
    {
        double energy = 0;
        foreach (var sample in samples)
            energy += sample * sample;
        return Math.Sqrt(energy / samples.Length);
    }
}
