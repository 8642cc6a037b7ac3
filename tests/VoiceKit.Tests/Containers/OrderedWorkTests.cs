using VoiceKit.Containers;

namespace VoiceKit.Tests.Containers;

/// <summary>Pieces that several threads work on.</summary>
public class OrderedWorkTests
{
    private const int Pieces = 64;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task No_more_threads_work_than_asked_for_and_pieces_come_in_order(int degree)
    {
        var (working, most) = (0, 0);
        using var work = new OrderedWork<int[]>(degree, () => new int[1], (piece, _) =>
        {
            var now = Interlocked.Increment(ref working);
            InterlockedMax(ref most, now);
            Thread.SpinWait(1000 * (piece[0] % 7));
            Interlocked.Decrement(ref working);
        });

        var taken = new List<int>();
        for (var posted = 0; taken.Count < Pieces;)
        {
            if (posted < Pieces && !work.IsFull)
            {
                var piece = work.Rent();
                piece[0] = posted++;
                work.Post(piece);
                continue;
            }

            var next = await work.Take(isAsync: true);
            taken.Add(next![0]);
            work.Return(next);
        }

        Assert.Equal(Enumerable.Range(0, Pieces), taken);
        Assert.InRange(most, 1, degree);
    }

    [Fact]
    public void A_piece_that_is_waited_for_is_left_to_its_thread()
    {
        using var gate = new ManualResetEventSlim();
        var threads = new List<int>();
        using var work = new OrderedWork<object>(2, () => new object(), (_, _) =>
        {
            gate.Wait(TestContext.Current.CancellationToken);
            lock (threads)
                threads.Add(Environment.CurrentManagedThreadId);
        });
        for (var i = 0; i < 3; i++)
            work.Post(work.Rent());
        Assert.True(work.IsFull);

        gate.Set();
        for (var i = 0; i < 3; i++)
            Assert.NotNull(SyncTake(work));
        Assert.DoesNotContain(Environment.CurrentManagedThreadId, threads);
        Assert.Null(SyncTake(work));
    }

    [Theory]
    [InlineData(1, 3, 1)]
    [InlineData(2, 1, 3)]
    [InlineData(2, 2, 4)]
    [InlineData(5, 2, 7)]
    public void It_is_full_of_a_piece_for_each_thread_and_the_spare_ones(int degree, int spare, int full)
    {
        using var work = new OrderedWork<object>(degree, () => new object(), (_, _) => { }) { Spare = spare };
        for (var posted = 0; posted < full; posted++)
        {
            Assert.False(work.IsFull);
            work.Post(work.Rent());
        }

        Assert.True(work.IsFull);
        Assert.NotNull(SyncTake(work));
        Assert.False(work.IsFull);
    }

    [Fact]
    public async Task A_fault_is_told_where_its_piece_is_taken_and_the_others_are_done()
    {
        using var work = new OrderedWork<int[]>(2, () => new int[1], (piece, _) =>
        {
            if (piece[0] == 1)
                throw new InvalidDataException("It is broken.");
        });
        for (var i = 0; i < 3; i++)
        {
            var piece = work.Rent();
            piece[0] = i;
            work.Post(piece);
        }

        Assert.Equal(0, (await work.Take(isAsync: true))![0]);
        await Assert.ThrowsAsync<InvalidDataException>(() => work.Take(isAsync: true).AsTask());
    }

    [Fact]
    public void Disposing_ends_what_is_at_work_and_what_waits()
    {
        using var started = new ManualResetEventSlim();
        var done = 0;
        var work = new OrderedWork<object>(2, () => new object(), (_, token) =>
        {
            started.Set();
            token.WaitHandle.WaitOne();
            Interlocked.Increment(ref done);
            token.ThrowIfCancellationRequested();
        });
        for (var i = 0; i < 3; i++)
            work.Post(work.Rent());
        started.Wait(TestContext.Current.CancellationToken);

        work.Dispose();

        Assert.Equal(3, done);
    }

    private static object? SyncTake(OrderedWork<object> work)
    {
        var taken = work.Take(isAsync: false).AsTask();
        Assert.True(taken.IsCompleted);
        return taken.GetAwaiter().GetResult();
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); seen < value;)
        {
            var before = Interlocked.CompareExchange(ref most, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }
}
