using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.PulseAudio.Tests;
using VoiceKit.Windows.Tests.Support;

namespace VoiceKit.Windows.Tests;

/// <summary>A player on Windows' devices.</summary>
[Collection(Wine.Collection)]
public sealed class WasapiPlaybackTests(Wine wine) : IDisposable
{
    private readonly VirtualSoundCard _card = new();

    public void Dispose() => _card.Dispose();

    [Fact]
    public Task The_speaker_plays_the_message_from_the_first_sample_to_the_last() => RealTime.RunAsync(async () =>
    {
        var message = await SaveAsync(Speech.Samples);
        using var monitor = _card.RecordSpeakers(channels: 1);
        using var program = wine.Run(_card, "actor.exe", "play", Wine.PathOf(_card.Folder), "whole");
        await program.SucceedsAsync();
        Sounds.AssertAllHeard(Speech.Decode(message), await monitor.HearOutAsync());
        Assert.Equal(await program.SaysAsync("duration"), await program.SaysAsync("position"));
    });

    [Fact]
    public Task Twice_as_fast_is_half_as_long_at_the_same_pitch() => RealTime.RunAsync(async () =>
    {
        var tone = new float[4 * Sounds.Rate];
        for (var i = 0; i < tone.Length; i++)
            tone[i] = (float)(0.3 * Math.Sin(2 * Math.PI * 440 * i / Sounds.Rate));
        await SaveAsync(tone);
        using var monitor = _card.RecordSpeakers(channels: 1);
        using var program = wine.Run(_card, "actor.exe", "play", Wine.PathOf(_card.Folder), "fast");
        await program.SucceedsAsync();
        var heard = await monitor.HearOutAsync();

        var first = Array.FindIndex(heard, sample => Math.Abs(sample) > 0.1f);
        var last = Array.FindLastIndex(heard, sample => Math.Abs(sample) > 0.1f);
        Assert.InRange((double)(last - first) / Sounds.Rate, 1.95, 2.05);
        var crossings = 0;
        for (var i = first + 4_800; i < last - 4_800; i++)
            crossings += heard[i - 1] < 0 && heard[i] >= 0 ? 1 : 0;
        Assert.InRange((double)crossings * Sounds.Rate / (last - first - 9_600), 438, 442);
    });

    [Fact]
    public Task A_pause_holds_the_position_and_loses_nothing() => RealTime.RunAsync(async () =>
    {
        var message = await SaveAsync(Speech.Samples);
        using var monitor = _card.RecordSpeakers(channels: 1);
        using var program = wine.Run(_card, "actor.exe", "play", Wine.PathOf(_card.Folder), "paused");
        await program.SucceedsAsync();
        var positions = (await program.SaysAsync("paused")).Split(' ');
        Assert.Equal(positions[0], positions[1]);
        var from = int.Parse(positions[0], CultureInfo.InvariantCulture) * (Sounds.Rate / 1000) + 960;
        Sounds.AssertHeard(Monitors.WithoutSilence(Speech.Decode(message)[from..]), await monitor.HearOutAsync());
    });

    [Fact]
    public async Task A_sound_server_that_is_killed_is_a_fault_and_keeps_the_place()
    {
        var message = await SaveAsync(Speech.Samples);
        using var program = wine.Run(_card, "actor.exe", "play", Wine.PathOf(_card.Folder), "whole");
        await program.SaysAsync("plays");
        _card.KillServer();
        await program.SaysAsync("state Faulted");
        await program.SucceedsAsync();
        var position = double.Parse(await program.SaysAsync("position"), CultureInfo.InvariantCulture);
        Assert.InRange(position, 500, message.Duration.TotalMilliseconds);
    }

    private async Task<VoiceMessage> SaveAsync(float[] samples)
    {
        var message = await VoiceMessage.EncodeAsync(
            samples, new AudioFormat(Sounds.Rate, 1), LibOpusCodec.Default, new VoiceEncodingOptions
            {
                Encoder = new() { Bitrate = 64_000 },
            });
        await message.SaveAsync(Path.Combine(_card.Folder, "message.opus"));
        return message;
    }
}
