using VoiceKit.App.Tests.Own;
using VoiceKit.Audio;
using VoiceKit.Playback;
using VoiceKit.Recording;
using VoiceKit.Testing;
using VoiceKit.Tests.Support;

namespace VoiceKit.App.Tests;

/// <summary>An app's own class in the place of each interface: the rest of the library takes it.</summary>
public class OwnPartsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Own_devices_codec_processor_and_bars_give_a_recording_that_is_saved_and_played()
    {
        using var folder = new TemporaryFolder();
        var codec = new OwnCodec();
        OwnWaveform? waveform = null;
        await using IAudioDevices devices = new OwnDevices();
        await using IVoiceRecorder recorder = new VoiceRecorder(await devices.OpenInputAsync(), codec, new VoiceRecorderOptions
        {
            Drafts = new VoiceDrafts(folder["drafts"]),
            DeviceTimeout = Patience,
            Processors = [format => new OwnMute(format)],
            Waveform = format => waveform = new OwnWaveform(format),
        });
        await recorder.StartAsync();
        var message = await recorder.FinishToFileAsync(folder["own.opus"]);

        // 2 s, of which the processor leaves the first: not a sample more or less, in its place.
        Assert.Equal(TimeSpan.FromSeconds(2), message!.Duration);
        Assert.Equal(1, codec.Encoders);
        Assert.Equal(waveform!.FrameCount, waveform.Added);
        var bars = recorder.GetWaveform(4);
        Assert.True(bars.Peaks[1] > 0.4, $"{bars.Peaks[1]}");
        Assert.True(bars.Peaks[3] < 0.01, $"{bars.Peaks[3]}");
        Assert.Empty(Oracle.Warnings(folder["own.opus"]));

        var speaker = (OwnSpeaker)await devices.OpenOutputAsync();
        await using IVoicePlayer player = new VoicePlayer(speaker, codec);
        await player.LoadAsync(message);
        var ended = Reached(player, PlaybackState.Ended);
        await player.PlayAsync();
        await ended;
        Assert.True(codec.Decoders > 0);
        Assert.InRange(speaker.Energy / 2 / 48_000, 0.1, 0.15);
    }

    [Fact]
    public async Task An_own_writer_of_packets_gets_them_all_and_the_draft_is_still_a_message()
    {
        OwnPacketWriter? writer = null;
        var microphone = new TestMicrophone();
        await using var recorder = new VoiceRecorder(microphone, TestOpusCodec.Default, new VoiceRecorderOptions
        {
            Drafts = null,
            DeviceTimeout = Patience,
            PacketWriter = (stream, head, tags) => writer = new OwnPacketWriter(stream, head, tags),
        });
        await recorder.StartAsync();
        microphone.HearTone(TimeSpan.FromSeconds(2));
        await recorder.PauseAsync();
        var draft = await recorder.OpenDraftAsync();
        Assert.InRange(draft.Duration, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(2));
        await recorder.ResumeAsync();
        microphone.HearTone(TimeSpan.FromSeconds(1));
        var message = await recorder.FinishAsync();
        Assert.Equal(TimeSpan.FromSeconds(3), message!.Duration);
        Assert.Equal(message.Info.PacketCount, writer!.Packets);
    }

    [Fact]
    public async Task A_player_needs_no_codec()
    {
        using var tone = new OwnTone(44_100);
        var message = await VoiceMessage.EncodeAsync(tone, new OwnCodec());
        var speaker = new TestSpeaker();
        await using var player = new VoicePlayer(speaker);
        await player.LoadAsync(message);
        await player.PlayAsync();
        await speaker.PlayToEndAsync();
        Assert.True(speaker.Played.Count >= 48_000);
    }

    [Fact]
    public async Task An_own_source_of_sound_becomes_a_message_with_bars()
    {
        var codec = new OwnCodec();
        using var tone = new OwnTone(66_150);
        var message = await VoiceMessage.EncodeAsync(tone, codec);
        Assert.Equal(TimeSpan.FromSeconds(1.5), message.Duration);
        var bars = await message.GetWaveformAsync(codec, 10);
        Assert.All(bars.Peaks.ToArray(), peak => Assert.InRange(peak, 0.3f, 0.5f));
    }

    [Fact]
    public async Task An_own_player_is_driven_by_a_queue()
    {
        using var tone = new OwnTone(44_100);
        var message = await VoiceMessage.EncodeAsync(tone, new OwnCodec());
        var player = new OwnPlayer();
        await using var queue = new VoiceQueue(player, new VoiceQueueOptions { Gap = TimeSpan.Zero });
        var ended = new TaskCompletionSource();
        queue.Ended += (_, _) => ended.TrySetResult();
        queue.Add(message);
        queue.Add(message);
        await queue.PlayAsync();
        await ended.Task.WaitAsync(Patience);
        Assert.Equal(2, player.Played);
    }

    private static async Task Reached(IVoicePlayer player, PlaybackState state)
    {
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var progress in player.WatchAsync(patience.Token))
        {
            if (progress.State == state)
                return;
        }
    }
}
