using FsCheck;
using FsCheck.Fluent;
using VoiceKit.Audio;
using VoiceKit.Playback;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Playback;

public class PlayerStateTests
{
    private static VoiceMessage Short => field ??= PlayerLab.Voice(40_000);
    private static VoiceMessage Long => field ??= PlayerLab.Voice(120_000);

    private enum Act
    {
        LoadShort,
        LoadLong,
        LoadStream,
        LoadBroken,
        Play,
        PlayUnplugged,
        PlayCancelled,
        Pause,
        Stop,
        SeekNear,
        SeekFar,
        SeekBeyond,
        Take, TakeAll, End, Break, SwitchOutput, SwitchFormat, Faster, Slower, Quiet, SkipSilence, Latency, Tick,
    }

    [Fact]
    public void Any_calls_and_faults_lead_to_a_defined_state_and_hang_nowhere() =>
        Fx.Check(Gen.Elements(Enum.GetValues<Act>()).ListOf(30), acts => Check([.. acts]).GetAwaiter().GetResult(), 120);

    [Fact]
    public async Task Call_without_an_answer_throws_and_changes_nothing()
    {
        await using var lab = new PlayerLab();
        await Assert.ThrowsAsync<InvalidOperationException>(() => lab.Player.PlayAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => lab.Player.PauseAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => lab.Player.StopAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => lab.Player.SeekAsync(TimeSpan.Zero));
        Assert.Equal(default, (lab.Player.State, lab.Player.Position, lab.Player.Duration));
        await lab.PlayAsync(Short);
        lab.Take(4_800);
        await Assert.ThrowsAsync<InvalidOperationException>(() => lab.Player.PlayAsync());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => lab.Player.SeekAsync(TimeSpan.FromTicks(-1)));
        Assert.Equal((PlaybackState.Playing, TimeSpan.FromSeconds(0.1)), (lab.Player.State, lab.Player.Position));
        await lab.Player.DisposeAsync();
        await lab.Player.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => lab.Player.PlayAsync());
        Assert.True(lab.Output.IsDisposed);
    }

    [Fact]
    public async Task Device_that_is_unplugged_leaves_the_place_and_another_goes_on_there()
    {
        await using var lab = await new PlayerLab().PlayAsync(Long);
        lab.Output.LatencyFrames = 4_800;
        lab.Take(48_000);
        var heard = lab.Output.Format.DurationOf(43_200);
        Assert.Equal(heard, lab.Player.Position);
        lab.Output.Break();
        await lab.StateAsync(PlaybackState.Faulted);
        Assert.Equal(heard, lab.Player.Position);
        Assert.Equal(AudioDeviceFault.Removed, Assert.IsType<AudioDeviceException>(lab.Player.Fault).Fault);

        var before = lab.Output;
        lab.Output = new FakeAudioOutput(new AudioFormat(24_000, 2));
        await lab.Player.SetOutputAsync(lab.Output);
        Assert.True(before.IsDisposed);
        Assert.Equal((PlaybackState.Faulted, heard), (lab.Player.State, lab.Player.Position));
        await lab.Player.PlayAsync();
        Assert.Null(lab.Player.Fault);
        Assert.Equal((120_000 - 43_200) / 2 * 2, lab.TakeAll().Length);
        await lab.EndAsync();
    }

    [Fact]
    public async Task Output_is_changed_while_playing()
    {
        await using var lab = await new PlayerLab().PlayAsync(Long);
        lab.Take(48_000);
        lab.Output = new FakeAudioOutput(new AudioFormat(48_000, 1));
        await lab.Player.SetOutputAsync(lab.Output);
        Assert.Equal((PlaybackState.Playing, TimeSpan.FromSeconds(1)), (lab.Player.State, lab.Player.Position));
        Assert.Equal(PlayerLab.DecodeFrom(Long, 48_000)[240..], lab.TakeAll()[240..]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Output_that_never_starts_is_told_after_5_seconds(bool ignoresCancellation)
    {
        await using var lab = new PlayerLab();
        lab.Output.HangsOnStart = true;
        lab.Output.IgnoresCancellation = ignoresCancellation;
        await lab.Player.LoadAsync(Short);
        var play = lab.Player.PlayAsync();
        lab.Clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(play.IsCompleted);
        lab.Clock.Advance(TimeSpan.FromSeconds(0.2));
        var fault = await Assert.ThrowsAsync<AudioDeviceException>(() => play.WaitAsync(PlayerLab.Patience));
        Assert.Equal((AudioDeviceFault.NotResponding, PlaybackState.Faulted), (fault.Fault, lab.Player.State));
        lab.Output.HangsOnStart = false;
        await lab.Player.PlayAsync();
        Assert.Equal(40_000, lab.TakeAll().Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Start_that_hangs_ends_by_a_pause_a_stop_a_load_or_a_dispose(int how)
    {
        await using var lab = new PlayerLab();
        lab.Output.HangsOnStart = lab.Output.IgnoresCancellation = true;
        await lab.Player.LoadAsync(Short);
        var play = lab.Player.PlayAsync();
        var other = how switch
        {
            0 => lab.Player.PauseAsync(),
            1 => lab.Player.StopAsync(),
            2 => lab.Player.LoadAsync(Long),
            _ => lab.Player.DisposeAsync().AsTask(),
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => play.WaitAsync(PlayerLab.Patience));
        await other.WaitAsync(PlayerLab.Patience);
        Assert.Equal(how == 3 ? PlaybackState.Empty : PlaybackState.Ready, lab.Player.State);
    }

    [Fact]
    public async Task Load_stops_what_plays_and_a_broken_message_leaves_none()
    {
        await using var lab = await new PlayerLab().PlayAsync(Short);
        lab.Take(4_800);
        await Assert.ThrowsAsync<VoiceFormatException>(() => lab.Player.LoadAsync(new MemoryStream("OggSnonsense"u8.ToArray())));
        Assert.Equal((PlaybackState.Empty, false), (lab.Player.State, lab.Output.IsStarted));
        await lab.PlayAsync(Long);
        Assert.Equal(120_000, lab.TakeAll().Length);
    }

    [Fact]
    public async Task Stream_is_disposed_with_the_message_unless_it_is_to_be_left()
    {
        await using var lab = new PlayerLab();
        var bytes = Pcm.Encode(Signals.Voice(20_000), new AudioFormat(48_000, 1));
        var (kept, given) = (new MemoryStream(bytes), new MemoryStream(bytes));
        var broken = new MemoryStream([1, 2, 3]);
        await lab.Player.LoadAsync(kept, leaveOpen: true);
        await lab.Player.LoadAsync(given);
        await lab.Player.PlayAsync();
        Assert.Equal(20_000, lab.TakeAll().Length);
        await Assert.ThrowsAsync<VoiceFormatException>(() => lab.Player.LoadAsync(broken));
        await lab.Player.DisposeAsync();
        Assert.Equal((true, false), (kept.CanRead, broken.CanRead));
        Assert.True(SpinWait.SpinUntil(() => !given.CanRead, PlayerLab.Patience));
    }

    [Fact]
    public async Task Stream_that_fails_in_the_middle_is_told_once_all_before_is_heard()
    {
        await using var lab = new PlayerLab();
        var stream = new FailingReadStream(Pcm.Encode(Signals.Voice(480_000), new AudioFormat(48_000, 1)));
        await lab.Player.LoadAsync(stream);
        await lab.Player.PlayAsync();
        stream.Fails = true;
        await lab.Player.SeekAsync(TimeSpan.FromSeconds(5));
        lab.TakeAll();
        lab.Output.End();
        await lab.StateAsync(PlaybackState.Faulted);
        Assert.IsType<IOException>(lab.Player.Fault);
        Assert.Equal(TimeSpan.FromSeconds(5), lab.Player.Position);
        stream.Fails = false;
        await lab.Player.PlayAsync();
        Assert.Equal(240_000, lab.TakeAll().Length);
    }

    [Fact]
    public async Task Damaged_messages_are_refused_or_play_to_their_end()
    {
        var whole = Pcm.Encode(Signals.Voice(60_000), new AudioFormat(48_000, 1));
        var random = new Random(31);
        var played = 0;
        await using var lab = new PlayerLab();
        for (var n = 0; n < 60; n++)
        {
            try
            {
                await lab.Player.LoadAsync(new MemoryStream(Mutation.Of(whole, random)));
            }
            catch (VoiceFormatException)
            {
                Assert.Equal(PlaybackState.Empty, lab.Player.State);
                continue;
            }

            await lab.Player.PlayAsync();
            var length = lab.Player.Duration;
            var heard = lab.TakeAll();
            await lab.EndAsync();
            Assert.Equal((length, length), (lab.Output.Format.DurationOf(heard.Length), lab.Player.Position));
            played++;
        }

        Assert.InRange(played, 10, 60);
    }

    [Fact]
    public async Task Watching_gives_the_present_and_what_comes_and_ends_with_the_player()
    {
        var lab = await new PlayerLab().PlayAsync(Short);
        var seen = new List<PlaybackProgress>();
        var watching = Task.Run(async () =>
        {
            await foreach (var progress in lab.Player.WatchAsync())
            {
                seen.Add(progress);
                if (seen.Count == 1)
                    await lab.Player.PauseAsync();
            }
        });
        await lab.StateAsync(PlaybackState.Paused);
        await lab.DisposeAsync();
        await watching.WaitAsync(PlayerLab.Patience);
        Assert.Equal(PlaybackState.Playing, seen[0].State);
        Assert.Equal(PlaybackState.Empty, seen[^1].State);
    }

    private static async Task Check(Act[] acts)
    {
        await using var lab = new PlayerLab();
        var state = PlaybackState.Empty;
        foreach (var act in acts)
        {
            var before = lab.Player.Position;
            var thrown = await Record.ExceptionAsync(() => DoAsync(lab, act).WaitAsync(PlayerLab.Patience));
            var (expected, error) = Expect(state, act, lab);
            Assert.Equal((act, error), (act, thrown?.GetType()));
            state = expected ?? lab.Player.State;
            Assert.Equal((act, state), (act, lab.Player.State));
            Assert.Equal((act, state == PlaybackState.Playing), (act, lab.Output.IsStarted));
            Assert.Equal(state == PlaybackState.Faulted, lab.Player.Fault is not null);
            Assert.InRange(lab.Player.Position, TimeSpan.Zero, lab.Player.Duration);
            if (act is >= Act.Take and <= Act.Break or >= Act.Faster)
                Assert.True(lab.Player.Position >= before, $"{act}: {before} to {lab.Player.Position}");
        }
    }

    private static async Task DoAsync(PlayerLab lab, Act act)
    {
        switch (act)
        {
            case Act.LoadShort: await lab.Player.LoadAsync(Short); break;
            case Act.LoadLong: await lab.Player.LoadAsync(Long); break;
            case Act.LoadStream: await lab.Player.LoadAsync(Short.OpenRead()); break;
            case Act.LoadBroken: await lab.Player.LoadAsync(new MemoryStream([1, 2, 3])); break;
            case Act.Play: await lab.Player.PlayAsync(); break;
            case Act.PlayCancelled: await lab.Player.PlayAsync(new CancellationToken(true)); break;
            case Act.PlayUnplugged:
                lab.Output.StartFault = new AudioDeviceException("Unplugged.");
                try
                {
                    await lab.Player.PlayAsync();
                }
                finally
                {
                    lab.Output.StartFault = null;
                }

                break;
            case Act.Pause: await lab.Player.PauseAsync(); break;
            case Act.Stop: await lab.Player.StopAsync(); break;
            case Act.SeekNear: await lab.Player.SeekAsync(TimeSpan.FromMilliseconds(123)); break;
            case Act.SeekFar: await lab.Player.SeekAsync(TimeSpan.FromMilliseconds(700)); break;
            case Act.SeekBeyond: await lab.Player.SeekAsync(TimeSpan.FromDays(10)); break;
            case Act.Take: lab.Take(7_000, 333); break;
            case Act.TakeAll: lab.TakeAll(); break;
            case Act.End:
                if (lab.Output.HasEnded)
                    await lab.EndAsync();
                break;
            case Act.Break:
                if (lab.Output.IsStarted)
                {
                    lab.Output.Break();
                    await lab.StateAsync(PlaybackState.Faulted);
                }

                break;
            case Act.SwitchOutput:
                await lab.Player.SetOutputAsync(lab.Output = new FakeAudioOutput(lab.Output.Format));
                break;
            case Act.SwitchFormat:
                var rate = lab.Output.Format.SampleRate == 44_100 ? 48_000 : 44_100;
                await lab.Player.SetOutputAsync(lab.Output = new FakeAudioOutput(new AudioFormat(rate, 2)));
                break;
            case Act.Faster: lab.Player.Speed = 2.5; break;
            case Act.Slower: lab.Player.Speed = 0.7; break;
            case Act.Quiet: lab.Player.Volume = 1.2 - lab.Player.Volume; break;
            case Act.SkipSilence: lab.Player.SkipSilence = !lab.Player.SkipSilence; break;
            case Act.Latency: lab.Output.LatencyFrames = lab.Output.LatencyFrames == 0 ? 3_000 : 0; break;
            case Act.Tick: lab.Clock.Advance(TimeSpan.FromMilliseconds(100)); break;
        }
    }

    // What the state is afterwards, and what is thrown. Null where it depends on how far the message was played.
    private static (PlaybackState? State, Type? Error) Expect(PlaybackState state, Act act, PlayerLab lab)
    {
        var isEmpty = state == PlaybackState.Empty;
        var refused = (state, typeof(InvalidOperationException));
        return act switch
        {
            Act.LoadShort or Act.LoadLong or Act.LoadStream => (PlaybackState.Ready, null),
            Act.LoadBroken => (PlaybackState.Empty, typeof(VoiceFormatException)),
            Act.PlayCancelled => (state, typeof(TaskCanceledException)),
            Act.Play or Act.PlayUnplugged or Act.Pause or Act.Stop when isEmpty => refused,
            Act.SeekNear or Act.SeekFar or Act.SeekBeyond when isEmpty => refused,
            Act.Play or Act.PlayUnplugged when state == PlaybackState.Playing => refused,
            Act.Play => (PlaybackState.Playing, null),
            Act.PlayUnplugged => (PlaybackState.Faulted, typeof(AudioDeviceException)),
            Act.Pause when state == PlaybackState.Playing => (PlaybackState.Paused, null),
            Act.Stop => (PlaybackState.Ready, null),
            Act.SeekNear or Act.SeekFar or Act.SeekBeyond when state == PlaybackState.Ended => (PlaybackState.Paused, null),
            Act.End when state == PlaybackState.Playing => (null, null),
            Act.Break when state == PlaybackState.Playing => (PlaybackState.Faulted, null),
            _ => (state, null),
        };
    }

    private sealed class FailingReadStream(byte[] bytes) : MemoryStream(bytes)
    {
        private volatile bool _fails;

        public bool Fails
        {
            set => _fails = value;
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            _fails ? throw new IOException("The disk is gone.") : base.Read(buffer, offset, count);

        public override int Read(Span<byte> buffer) => _fails ? throw new IOException("The disk is gone.") : base.Read(buffer);
    }
}
