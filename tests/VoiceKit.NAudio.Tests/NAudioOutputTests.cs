using System.Runtime.InteropServices;
using NAudio.Wave;
using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Playback;
using VoiceKit.Tests.Support;
using NAudioPlaybackState = NAudio.Wave.PlaybackState;
using PlaybackState = VoiceKit.Playback.PlaybackState;

namespace VoiceKit.NAudio.Tests;

public class NAudioOutputTests
{
    private static readonly int[] OddSizes = [1, 7, 1000, 3, 4097];

    public static TheoryData<string> AllFormats => [.. Formats.All.Keys];

    [Theory]
    [MemberData(nameof(AllFormats))]
    public async Task Every_wave_format_plays_what_the_source_gives(string name)
    {
        var format = Formats.All[name];
        var pcm = Signals.Voice(3000, format.SampleRate, format.Channels);
        var player = new FakeWavePlayer();
        await using var output = new NAudioOutput(player, format, "Ear");
        Assert.Equal((format.ToAudioFormat(), "Ear"), (output.Format, output.Name));
        var speaker = new Speaker(pcm);
        await output.StartAsync(speaker);
        Assert.False(speaker.HasEnded);
        for (var i = 0; player.Take(OddSizes[i % OddSizes.Length]); i++)
        {
        }

        await speaker.Ended;
        var tolerance = WaveCodings.Of(format) switch
        {
            WaveCoding.UInt8 => 1 / 128f,
            WaveCoding.ALaw or WaveCoding.MuLaw => 1 / 20f,
            _ => Pcm.Lsb,
        };
        Pcm.AssertClose(name, pcm, Formats.Read(format, player.Played), tolerance);
    }

    [Fact]
    public async Task After_the_end_it_is_silent_until_it_is_stopped_and_can_be_started_again()
    {
        var player = new FakeWavePlayer();
        await using var output = new NAudioOutput(player);
        for (var start = 1; start <= 3; start++)
        {
            var speaker = new Speaker(new float[480]);
            await output.StartAsync(speaker);
            await Assert.ThrowsAsync<InvalidOperationException>(() => output.StartAsync(speaker).AsTask());
            Assert.True(player.Take(960 * 4));
            Assert.False(speaker.HasEnded);
            Assert.False(player.Take(960 * 4));
            await speaker.Ended;
            await Assert.ThrowsAsync<InvalidOperationException>(() => output.StartAsync(speaker).AsTask());
            await output.StopAsync();
        }

        Assert.Equal(3, player.Starts);
    }

    [Fact]
    public async Task After_a_stop_the_source_is_not_asked()
    {
        var player = new FakeWavePlayer { CurrentLatency = TimeSpan.FromMilliseconds(70) };
        await using var output = new NAudioOutput(player);
        var speaker = new Speaker(new float[48_000]);
        Assert.Equal(TimeSpan.Zero, output.Latency);
        await output.StartAsync(speaker);
        Assert.Equal(player.CurrentLatency, output.Latency);
        player.Take(400);
        await output.StopAsync();
        Assert.Equal((NAudioPlaybackState.Stopped, TimeSpan.Zero), (player.PlaybackState, output.Latency));
        Assert.False(player.Take(400));
        Assert.Equal((1, false), (speaker.Reads, speaker.HasEnded));
        await output.StopAsync();
    }

    [Fact]
    public async Task A_player_that_breaks_or_stops_by_itself_is_a_fault()
    {
        var player = new FakeWavePlayer();
        await using var output = new NAudioOutput(player);
        var speaker = new Speaker(new float[48_000]);
        await output.StartAsync(speaker);
        player.Take(400);
        var cause = new IOException("Gone.", unchecked((int)0x88890004));
        player.Break(cause);
        var fault = await speaker.Fault;
        Assert.Equal((AudioDeviceFault.Removed, cause), (fault.Fault, fault.InnerException));

        speaker = new Speaker(new float[48_000]);
        await output.StartAsync(speaker);
        player.GoAway();
        Assert.Null((await speaker.Fault).InnerException);
    }

    [Fact]
    public async Task A_player_that_does_not_start_says_why()
    {
        var unusable = new NAudioOutput(new FakeWavePlayer { InitFault = new NotSupportedException("No floats.") });
        var fault = await Assert.ThrowsAsync<AudioDeviceException>(() => unusable.StartAsync(new Speaker([])).AsTask());
        Assert.Contains("No floats.", fault.Message);
        await unusable.DisposeAsync();

        var player = new FakeWavePlayer { PlayFault = new IOException() };
        await using var output = new NAudioOutput(player);
        await Assert.ThrowsAsync<AudioDeviceException>(() => output.StartAsync(new Speaker([])).AsTask());
        player.PlayFault = null;
        await output.StartAsync(new Speaker([]));
        await output.DisposeAsync();
        Assert.True(player.IsDisposed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => output.StartAsync(new Speaker([])).AsTask());
    }

    [Fact]
    public async Task It_can_be_stopped_in_a_callback()
    {
        var player = new FakeWavePlayer();
        await using var output = new NAudioOutput(player);
        var speaker = new Speaker(new float[48_000]) { OnRead = () => Assert.True(output.StopAsync().AsTask().IsCompleted) };
        await output.StartAsync(speaker);
        Assert.False(player.Take(400));
        speaker = new Speaker(new float[100]);
        await output.StartAsync(speaker);
        Assert.True(player.Take(400));
        Assert.False(player.Take(400));
        await speaker.Ended;
    }

    [Fact]
    public async Task An_app_that_throws_ends_the_playing_and_not_the_process()
    {
        var player = new FakeWavePlayer();
        await using var output = new NAudioOutput(player);
        var cause = new FormatException();
        var speaker = new Speaker(new float[48_000]) { OnRead = () => throw cause };
        await output.StartAsync(speaker);
        Assert.False(player.Take(400));
        Assert.Same(cause, (await speaker.Fault).InnerException);
        await output.StartAsync(new Speaker(new float[100]));
    }

    [Fact]
    public async Task A_player_can_be_made_for_each_start()
    {
        var players = new List<FakeWavePlayer>();
        await using var output = new NAudioOutput(() =>
        {
            players.Add(new FakeWavePlayer());
            return players[^1];
        });
        for (var start = 1; start <= 2; start++)
        {
            var speaker = new Speaker(new float[100]);
            await output.StartAsync(speaker);
            while (players[^1].Take(400))
            {
            }

            await speaker.Ended;
            await output.StopAsync();
            Assert.Equal((start, true), (players.Count, players[^1].IsDisposed));
        }
    }

    [Fact]
    public async Task A_message_plays_seeks_and_pauses()
    {
        var message = VoiceMessage.FromBytes(Pcm.Encode(Signals.Voice(120_000), new AudioFormat(48_000, 1)));
        var device = new FakeWavePlayer();
        await using var player = new VoicePlayer(new NAudioOutput(device), LibOpusCodec.Default);
        await player.LoadAsync(message);
        await player.PlayAsync();
        Take(player, device, 48_000);
        await player.PauseAsync();
        Assert.Equal(NAudioPlaybackState.Stopped, device.PlaybackState);
        Assert.Equal(TimeSpan.FromSeconds(1), player.Position);
        await player.SeekAsync(TimeSpan.FromSeconds(2));
        await player.PlayAsync();
        Take(player, device, int.MaxValue);
        Assert.True(SpinWait.SpinUntil(() => player.State == PlaybackState.Ended, TimeSpan.FromMinutes(1)));

        using var reader = message.OpenAudio(LibOpusCodec.Default);
        var expected = Pcm.ReadAll(reader);
        var heard = MemoryMarshal.Cast<byte, float>(device.Played).ToArray();
        Assert.Equal(48_000 + 24_000, heard.Length);
        Assert.True(Pcm.SignalToError(expected.AsSpan(0, 48_000), heard) > 60);
        Assert.True(Pcm.SignalToError(expected.AsSpan(96_000), heard.AsSpan(48_000)) > 30);
    }

    private static void Take(VoicePlayer player, FakeWavePlayer device, int frames)
    {
        for (var left = frames; left > 0; left -= 480)
        {
            Assert.True(SpinWait.SpinUntil(() => player.IsSettled, TimeSpan.FromMinutes(1)));
            if (!device.Take(480 * sizeof(float)))
                return;
        }
    }
}
