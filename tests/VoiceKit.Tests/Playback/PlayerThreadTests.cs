using VoiceKit.Audio;
using VoiceKit.Playback;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Playback;

/// <summary>What the decoder's thread does when the player wants it no more, or must wait for it.</summary>
public class PlayerThreadTests
{
    // So much that a reader has not taken it all when it was opened.
    private const int Frames = 150 * 48_000;

    private static byte[] Message => field ??= Pcm.Encode(Signals.Voice(Frames), new AudioFormat(48_000, 1));
    private static readonly TimeSpan Far = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_is_the_callers_again_when_the_message_is_gone(bool byDispose)
    {
        await using var lab = new PlayerLab();
        using var stream = new HeldStream(Message);
        await lab.Player.LoadAsync(stream, leaveOpen: true);
        stream.Hold();
        await lab.Player.SeekAsync(Far);
        var playing = lab.Player.PlayAsync();
        stream.AwaitReader();
        lab.Clock.Advance(Moment);
        await playing.WaitAsync(PlayerLab.Patience);

        var going = byDispose ? lab.Player.DisposeAsync().AsTask() : lab.Player.LoadAsync(PlayerLab.Voice(20_000));
        await Task.Delay(Moment);
        Assert.Equal((false, true), (going.IsCompleted, stream.IsBeingRead));
        stream.Release();
        await going.WaitAsync(PlayerLab.Patience);
        Assert.False(stream.IsBeingRead);
    }

    [Fact]
    public async Task A_stream_that_never_answers_holds_up_nobody_for_ever()
    {
        await using var lab = new PlayerLab();
        using var stream = new HeldStream(Message);
        await lab.Player.LoadAsync(stream, leaveOpen: true);
        stream.Hold();
        await lab.Player.SeekAsync(Far);
        var playing = lab.Player.PlayAsync();
        stream.AwaitReader();
        lab.Clock.Advance(Moment);
        await playing.WaitAsync(PlayerLab.Patience);

        var going = lab.Player.DisposeAsync().AsTask();
        while (!going.IsCompleted)
        {
            lab.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        await going;
        Assert.True(stream.IsBeingRead);
        stream.Release();
    }

    [Fact]
    public async Task The_wait_for_the_first_audio_is_100_ms_of_the_apps_clock()
    {
        await using var lab = new PlayerLab();
        using var stream = new HeldStream(Message);
        await lab.Player.LoadAsync(stream, leaveOpen: true);
        stream.Hold();
        await lab.Player.SeekAsync(Far);
        var playing = lab.Player.PlayAsync();
        stream.AwaitReader();
        lab.Clock.Advance(TimeSpan.FromMilliseconds(99));
        await Task.Delay(Moment);
        Assert.False(playing.IsCompleted);
        lab.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await playing.WaitAsync(PlayerLab.Patience);
        Assert.Equal(PlaybackState.Playing, lab.Player.State);
        stream.Release();
        Assert.Equal(Frames - 120 * 48_000, lab.TakeAll().Length);
    }

    [Fact]
    public void A_message_that_grows_is_read_with_all_of_the_options()
    {
        var clock = new ManualTimeProvider();
        var options = new VoiceKit.Opus.OpusReaderOptions
        {
            Strict = true,
            MaxTagsSize = 5_000,
            Salvages = true,
            PollInterval = TimeSpan.FromSeconds(3),
            Clock = clock,
            IsGrowing = () => true,
        };
        var standard = new VoiceKit.Opus.OpusReaderOptions();
        using var message = LoadedMessage.Open(new MemoryStream(Message), options, leaveOpen: false, CancellationToken.None);
        foreach (var property in typeof(VoiceKit.Opus.OpusReaderOptions).GetProperties())
        {
            Assert.NotEqual(property.GetValue(standard), property.GetValue(options));
            if (property.Name != nameof(options.IsGrowing))
                Assert.Equal(property.GetValue(options), property.GetValue(message.Options));
        }

        Assert.True(message.Options!.IsGrowing!());
        message.IsUnwanted = () => true;
        Assert.False(message.Options.IsGrowing());
    }
}
