using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.Playback;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Playback;

/// <summary>A player on an output driven by hand.</summary>
internal sealed class PlayerLab : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public PlayerLab(int rate = 48_000, int channels = 1, VoicePlayerOptions? options = null)
    {
        Output = new FakeAudioOutput(new AudioFormat(rate, channels));
        Player = new VoicePlayer(Output, LibOpusCodec.Default, options ?? new VoicePlayerOptions { Clock = Clock });
    }

    public ManualTimeProvider Clock { get; } = new();

    public FakeAudioOutput Output { get; set; }

    public VoicePlayer Player { get; }

    public static VoiceMessage Message(float[] pcm, int channels = 1) =>
        VoiceMessage.FromBytes(Pcm.Encode(pcm, new AudioFormat(48_000, channels)));

    public static VoiceMessage Voice(int frames) => Message(Signals.Voice(frames));

    public static float[] Decode(VoiceMessage message, int rate = 48_000, int channels = 1)
    {
        using var reader = message.OpenAudio(LibOpusCodec.Default, rate, channels);
        return Pcm.ReadAll(reader);
    }

    /// <summary>What is heard from a frame on, by the decoder's own seek.</summary>
    public static float[] DecodeFrom(VoiceMessage message, long frame)
    {
        using var reader = new VoiceKit.Containers.OpusAudioReader(message.OpenRead(), LibOpusCodec.Default, OpusRates.Full, 1);
        reader.Seek(frame);
        return Pcm.ReadAll(reader);
    }

    public async Task<PlayerLab> PlayAsync(VoiceMessage message)
    {
        await Player.LoadAsync(message);
        await Player.PlayAsync();
        return this;
    }

    /// <summary>Waits for the decoder, which has nothing left to do until frames are taken.</summary>
    public void Settle() =>
        Assert.True(SpinWait.SpinUntil(() => Player.IsSettled, Patience), "The decoder does not come to rest.");

    /// <summary>Takes frames, and lets the decoder catch up before each 10 ms of them.</summary>
    public bool Take(int frames, int step = 480)
    {
        for (var left = frames; left > 0; left -= step)
        {
            Settle();
            if (!Output.Take(Math.Min(step, left)))
                return false;
        }

        return true;
    }

    /// <summary>Takes all there is and gives it.</summary>
    public float[] TakeAll(int step = 480)
    {
        var most = 10_000_000 / step;
        while (most-- > 0 && Take(step, step))
        {
        }

        Assert.True(most > 0, "The message does not end.");
        return Output.Played;
    }

    public async Task EndAsync()
    {
        var ended = StateAsync(PlaybackState.Ended);
        Output.End();
        await ended;
    }

    public async Task StateAsync(PlaybackState state)
    {
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var progress in Player.WatchAsync(patience.Token))
        {
            if (progress.State == state)
                return;
        }
    }

    public async ValueTask DisposeAsync() => await Player.DisposeAsync();
}
