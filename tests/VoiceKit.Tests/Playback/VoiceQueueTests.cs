using System.Threading.Channels;
using VoiceKit.Playback;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Playback;

public class VoiceQueueTests
{
    private static VoiceMessage First => field ??= PlayerLab.Voice(20_000);
    private static VoiceMessage Second => field ??= PlayerLab.Voice(240_000);
    private static VoiceMessage Third => field ??= PlayerLab.Voice(25_000);

    [Fact]
    public async Task Messages_follow_one_another_after_the_gap_at_the_same_speed()
    {
        await using var lab = new QueueLab(First, Third);
        lab.Player.Speed = 2;
        await lab.Queue.PlayAsync();
        Assert.Equal("current 0", await lab.NextEventAsync());
        Assert.Equal(10_000, lab.TakeAll().Length);
        await lab.EndAsync();
        lab.Clock.Advance(TimeSpan.FromMilliseconds(299));
        lab.Queue.Add(First);
        Assert.Equal((0, PlaybackState.Ended), (lab.Queue.CurrentIndex, lab.Player.State));
        lab.AdvanceGap(1);
        Assert.Equal("current 1", await lab.NextEventAsync());
        Assert.Equal(12_500, lab.TakeAll().Length);
        await lab.EndAsync();
        lab.AdvanceGap(2);
        Assert.Equal("current 2", await lab.NextEventAsync());
        lab.TakeAll();
        await lab.EndAsync();
        Assert.Equal("ended", await lab.NextEventAsync());
        await lab.Queue.PlayAsync();
        Assert.Equal("current 0", await lab.NextEventAsync());
    }

    [Fact]
    public async Task A_queue_may_begin_within_a_message()
    {
        await using var lab = new QueueLab(Second, First);
        await lab.Queue.PlayAsync(0, TimeSpan.FromSeconds(4));
        Assert.Equal(48_000, lab.TakeAll().Length);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => lab.Queue.PlayAsync(0, TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public async Task Broken_messages_are_told_and_passed_over()
    {
        await using var lab = new QueueLab(First);
        lab.Queue.Add(_ => Task.FromException<VoiceMessage>(new IOException("Not there.")));
        lab.Queue.Add(_ => Task.FromResult(VoiceMessage.FromBytes(new byte[100])));
        lab.Queue.Add(Third);
        await lab.Queue.PlayAsync(1);
        Assert.Equal("current 1", await lab.NextEventAsync());
        Assert.Equal("failed 1 IOException", await lab.NextEventAsync());
        Assert.Equal("current 2", await lab.NextEventAsync());
        Assert.Equal("failed 2 VoiceFormatException", await lab.NextEventAsync());
        Assert.Equal("current 3", await lab.NextEventAsync());
        Assert.Equal((3, 25_000), (lab.Queue.CurrentIndex, lab.TakeAll().Length));
    }

    [Fact]
    public async Task Next_and_previous_go_where_people_expect()
    {
        await using var lab = new QueueLab(First, Second, Third);
        Assert.True(await lab.Queue.NextAsync());
        Assert.True(await lab.Queue.NextAsync());
        Assert.Equal(1, lab.Queue.CurrentIndex);
        lab.Take(145_000);
        Assert.True(await lab.Queue.PreviousAsync());
        Assert.Equal((1, TimeSpan.Zero), (lab.Queue.CurrentIndex, lab.Player.Position));
        lab.Take(143_000);
        Assert.True(await lab.Queue.PreviousAsync());
        Assert.Equal(0, lab.Queue.CurrentIndex);
        Assert.True(await lab.Queue.PreviousAsync());
        Assert.Equal((0, PlaybackState.Playing), (lab.Queue.CurrentIndex, lab.Player.State));
        await lab.Queue.PlayAsync(2);
        Assert.False(await lab.Queue.NextAsync());
        Assert.Equal((2, PlaybackState.Playing), (lab.Queue.CurrentIndex, lab.Player.State));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => lab.Queue.PlayAsync(3));
    }

    [Fact]
    public async Task Pause_holds_in_a_message_and_in_the_gap()
    {
        await using var lab = new QueueLab(First, Third);
        await lab.Queue.PlayAsync();
        lab.Take(4_800);
        await lab.Queue.PauseAsync();
        Assert.Equal(PlaybackState.Paused, lab.Player.State);
        await lab.Queue.PlayAsync();
        Assert.Equal(15_200, lab.TakeAll().Length);
        await lab.EndAsync();
        await lab.Queue.PauseAsync();
        lab.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((0, PlaybackState.Ended), (lab.Queue.CurrentIndex, lab.Player.State));
        await lab.Queue.PlayAsync();
        Assert.Equal((1, PlaybackState.Playing), (lab.Queue.CurrentIndex, lab.Player.State));
    }

    [Fact]
    public async Task Slow_message_is_left_for_another_that_is_wanted()
    {
        await using var lab = new QueueLab();
        lab.Queue.Add(async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return First;
        });
        lab.Queue.Add(Third);
        var first = lab.Queue.PlayAsync();
        await lab.Queue.NextAsync().WaitAsync(PlayerLab.Patience);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal((1, PlaybackState.Playing), (lab.Queue.CurrentIndex, lab.Player.State));
    }

    [Fact]
    public async Task Device_that_fails_stops_the_queue_where_it_is()
    {
        await using var lab = new QueueLab(First, Third);
        await lab.Queue.PlayAsync();
        lab.Take(4_800);
        lab.Output.Break();
        await lab.StateAsync(PlaybackState.Faulted);
        lab.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((0, PlaybackState.Faulted), (lab.Queue.CurrentIndex, lab.Player.State));
        await lab.Queue.PlayAsync();
        Assert.Equal(15_200, lab.TakeAll().Length);
    }

    [Fact]
    public async Task Messages_before_and_behind_the_one_that_plays_come_go_and_move()
    {
        await using var lab = new QueueLab(First, Second, Third);
        await lab.Queue.PlayAsync(1);
        lab.Take(4_800);
        lab.Queue.Insert(0, Third);
        Assert.Equal((4, 2), (lab.Queue.Count, lab.Queue.CurrentIndex));
        await lab.Queue.RemoveAtAsync(1);
        Assert.Equal((3, 1), (lab.Queue.Count, lab.Queue.CurrentIndex));
        lab.Queue.Move(1, 2);
        Assert.Equal((3, 2), (lab.Queue.Count, lab.Queue.CurrentIndex));
        lab.Queue.Move(0, 2);
        Assert.Equal((3, 1), (lab.Queue.Count, lab.Queue.CurrentIndex));
        await lab.Queue.RemoveAtAsync(0);
        Assert.Equal((2, 0), (lab.Queue.Count, lab.Queue.CurrentIndex));
        Assert.Equal(240_000 - 4_800, lab.TakeAll().Length - 4_800);
        await lab.EndAsync();
        lab.AdvanceGap(1);
        Assert.Equal(25_000, lab.TakeAll().Length);
        await lab.EndAsync();
        Assert.Equal("current 1", await lab.NextEventAsync());
        Assert.Equal("current 1", await lab.NextEventAsync());
        Assert.Equal("ended", await lab.NextEventAsync());
        Assert.Throws<ArgumentOutOfRangeException>(() => lab.Queue.Move(0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => lab.Queue.Insert(3, First));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => lab.Queue.RemoveAtAsync(2));
    }

    [Fact]
    public async Task The_message_that_plays_falls_silent_when_it_is_removed_and_the_one_after_it_is_next()
    {
        await using var lab = new QueueLab(First, Second, Third);
        await lab.Queue.PlayAsync(1);
        lab.Take(4_800);
        await lab.Queue.RemoveAtAsync(1);
        Assert.Equal((2, -1), (lab.Queue.Count, lab.Queue.CurrentIndex));
        Assert.Equal((PlaybackState.Ready, false), (lab.Player.State, lab.Output.IsStarted));
        await lab.Queue.PlayAsync();
        Assert.Equal((1, 25_000), (lab.Queue.CurrentIndex, lab.TakeAll().Length));
        await lab.Queue.RemoveAtAsync(1);
        Assert.True(await lab.Queue.PreviousAsync());
        Assert.Equal((0, 20_000), (lab.Queue.CurrentIndex, lab.TakeAll().Length));
    }

    [Fact]
    public async Task A_queue_that_is_cleared_is_silent_and_takes_other_messages()
    {
        await using var lab = new QueueLab(First, Second);
        await lab.Queue.PlayAsync();
        lab.TakeAll();
        await lab.EndAsync();
        await lab.Queue.ClearAsync();
        lab.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((0, -1, false), (lab.Queue.Count, lab.Queue.CurrentIndex, lab.Output.IsStarted));
        await Assert.ThrowsAsync<InvalidOperationException>(() => lab.Queue.PlayAsync());
        lab.Queue.Add(Third);
        await lab.Queue.PlayAsync();
        Assert.Equal((0, 25_000), (lab.Queue.CurrentIndex, lab.TakeAll().Length));
    }

    [Fact]
    public async Task A_message_that_is_removed_while_it_is_fetched_is_not_played()
    {
        await using var lab = new QueueLab();
        lab.Queue.Add(async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return First;
        });
        lab.Queue.Add(Third);
        var first = lab.Queue.PlayAsync();
        Assert.Equal("current 0", await lab.NextEventAsync());
        await lab.Queue.RemoveAtAsync(0).WaitAsync(PlayerLab.Patience);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await lab.Queue.PlayAsync();
        Assert.Equal((0, 25_000), (lab.Queue.CurrentIndex, lab.TakeAll().Length));
    }

    [Fact]
    public async Task Handlers_that_throw_stop_nothing_and_are_told()
    {
        using var failures = new HandlerFailures();
        await using var lab = new QueueLab(First, Third);
        lab.Queue.CurrentChanged += (_, _) => throw new InvalidOperationException("Current");
        lab.Player.StateChanged += (_, _) => throw new InvalidOperationException("State");
        lab.Player.PositionChanged += (_, _) => throw new InvalidOperationException("Position");
        var moves = 0;
        lab.Queue.CurrentChanged += (_, _) => Interlocked.Increment(ref moves);
        await lab.Queue.PlayAsync();
        Assert.Equal(20_000, lab.TakeAll().Length);
        await lab.EndAsync();
        lab.AdvanceGap(1);
        Assert.Equal(25_000, lab.TakeAll().Length);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref moves) == 2, PlayerLab.Patience));
        Assert.Equal(["CurrentChanged", "CurrentChanged"], failures.Of(lab.Queue).Select(failure => failure.EventName));
        Assert.Contains(failures.Of(lab.Player), failure => failure is { EventName: "StateChanged", Exception.Message: "State" });
    }

    private sealed class QueueLab : IAsyncDisposable
    {
        private readonly PlayerLab _lab = new();
        private readonly Channel<string> _events = Channel.CreateUnbounded<string>();

        public QueueLab(params VoiceMessage[] messages)
        {
            Queue = new VoiceQueue(_lab.Player, new VoiceQueueOptions { Clock = _lab.Clock });
            Queue.CurrentChanged += (_, index) => _events.Writer.TryWrite($"current {index}");
            Queue.ItemFailed += (_, failure) =>
                _events.Writer.TryWrite($"failed {failure.Index} {failure.Exception.GetType().Name}");
            Queue.Ended += (_, _) => _events.Writer.TryWrite("ended");
            foreach (var message in messages)
                Queue.Add(message);
        }

        public VoiceQueue Queue { get; }

        public VoicePlayer Player => _lab.Player;

        public FakeAudioOutput Output => _lab.Output;

        public ManualTimeProvider Clock => _lab.Clock;

        public void Take(int frames) => _lab.Take(frames);

        public float[] TakeAll() => _lab.TakeAll();

        public Task StateAsync(PlaybackState state) => _lab.StateAsync(state);

        public async Task EndAsync()
        {
            // The queue, which listens for longer, has heard of it before and begun to wait.
            var ended = new TaskCompletionSource();
            Player.StateChanged += OnState;
            Output.End();
            await ended.Task.WaitAsync(PlayerLab.Patience);
            Player.StateChanged -= OnState;

            void OnState(object? sender, PlaybackProgress progress)
            {
                if (progress.State == PlaybackState.Ended)
                    ended.TrySetResult();
            }
        }

        public void AdvanceGap(int index)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(301));
            Assert.True(SpinWait.SpinUntil(
                () => Queue.CurrentIndex == index && Player.State == PlaybackState.Playing, PlayerLab.Patience));
        }

        public async Task<string> NextEventAsync() => await _events.Reader.ReadAsync().AsTask().WaitAsync(PlayerLab.Patience);

        public ValueTask DisposeAsync() => Queue.DisposeAsync();
    }
}
