using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Playback;

namespace VoiceKit.PulseAudio.Tests;

public sealed class PlayerOnDevicesTests : IDisposable
{
    private readonly VirtualSoundCard _card = new();

    public void Dispose() => _card.Dispose();

    [Fact]
    public Task The_speaker_plays_the_message_from_the_first_sample_to_the_last() => RealTime.RunAsync(async () =>
    {
        var message = await EncodeAsync(Speech.Samples);
        await using var player = await LoadAsync(message);
        using var monitor = _card.RecordSpeakers();
        await player.PlayAsync();
        await EndsAsync(player);
        await Task.Delay(500);
        var heard = monitor.Stop();

        var expected = Speech.Decode(message);
        var left = Sounds.Channel(heard, 2, 0);
        Assert.Equal(left, Sounds.Channel(heard, 2, 1));
        Sounds.AssertHeard(expected[LoudFrom(expected)..], left);
        Assert.Equal(message.Duration, player.Position);
        Assert.Equal(0, player.Underruns);
    });

    [Fact]
    public Task Twice_as_fast_is_half_as_long_at_the_same_pitch() => RealTime.RunAsync(async () =>
    {
        var tone = new float[4 * Sounds.Rate];
        for (var i = 0; i < tone.Length; i++)
            tone[i] = (float)(0.3 * Math.Sin(2 * Math.PI * 440 * i / Sounds.Rate));
        await using var player = await LoadAsync(await EncodeAsync(tone));
        player.Speed = 2;
        using var monitor = _card.RecordSpeakers(channels: 1);
        await player.PlayAsync();
        await EndsAsync(player);
        await Task.Delay(500);
        var heard = monitor.Stop();

        var first = Array.FindIndex(heard, sample => Math.Abs(sample) > 0.1f);
        var last = Array.FindLastIndex(heard, sample => Math.Abs(sample) > 0.1f);
        Assert.InRange((double)(last - first) / Sounds.Rate, 1.95, 2.05);
        var crossings = 0;
        for (var i = first + 4_800; i < last - 4_800; i++)
            crossings += heard[i - 1] < 0 && heard[i] >= 0 ? 1 : 0;
        Assert.InRange((double)crossings * Sounds.Rate / (last - first - 9_600), 438, 442);
    });

    [Fact]
    public Task A_pause_and_a_seek_lose_nothing_and_repeat_nothing() => RealTime.RunAsync(async () =>
    {
        var message = await EncodeAsync(Speech.Samples);
        await using var player = await LoadAsync(message);
        using var monitor = _card.RecordSpeakers(channels: 1);
        await player.SeekAsync(TimeSpan.FromSeconds(2));
        await player.PlayAsync();
        await Card.Until(() => player.Position > TimeSpan.FromSeconds(3), "a second was heard");
        await player.PauseAsync();
        var position = player.Position;
        await Task.Delay(300);
        Assert.Equal(position, player.Position);
        await player.PlayAsync();
        await EndsAsync(player);
        await Task.Delay(500);
        var heard = monitor.Stop();

        // What comes behind the pause is the message from the place where it paused, to its end.
        var expected = Speech.Decode(message);
        var from = (int)(position.TotalSeconds * Sounds.Rate) + 960;
        Sounds.AssertHeard(expected[from..], heard);
    });

    [Fact]
    public async Task A_sound_server_that_is_killed_keeps_the_place()
    {
        var message = await EncodeAsync(Speech.Samples);
        await using var player = await LoadAsync(message);
        await player.PlayAsync();
        await Card.Until(() => player.Position > TimeSpan.FromSeconds(1), "a second was heard");
        _card.KillServer();
        await Card.Until(() => player.State == PlaybackState.Faulted, "the player is faulted");
        Assert.IsType<AudioDeviceException>(player.Fault);
        Assert.InRange(player.Position, TimeSpan.FromSeconds(1), message.Duration);

        _card.RestartServer();
        await player.SetOutputAsync(await PulseAudioOutput.OpenAsync("speakers", _card.LongOptions()));
        if (player.State != PlaybackState.Playing)
            await player.PlayAsync();
        await EndsAsync(player);
        Assert.Equal(message.Duration, player.Position);
    }

    private static Task<VoiceMessage> EncodeAsync(float[] samples) => VoiceMessage.EncodeAsync(
        samples, new AudioFormat(Sounds.Rate, 1), LibOpusCodec.Default, new VoiceEncodingOptions
        {
            Encoder = new() { Bitrate = 64_000 },
        });

    private static int LoudFrom(float[] samples) => Array.FindIndex(samples, sample => Math.Abs(sample) > 0.01f);

    private static Task EndsAsync(VoicePlayer player) =>
        Card.Until(() => player.State == PlaybackState.Ended, "the message ends");

    private async Task<VoicePlayer> LoadAsync(VoiceMessage message)
    {
        var output = await PulseAudioOutput.OpenAsync("speakers", _card.LongOptions());
        var player = new VoicePlayer(output, LibOpusCodec.Default);
        await player.LoadAsync(message);
        return player;
    }
}
