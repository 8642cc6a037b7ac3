namespace VoiceKit.WebChat.Limits;

/// <summary>
/// Turns at some work: so many at a time, and so many for one address. Those who wait get them address by address, so that who
/// sends much waits for others and they hardly for him.
/// </summary>
/// <param name="most">How many work at a time.</param>
/// <param name="mostOfAddress">How many of one address work at a time.</param>
internal sealed class FairTurns(int most, int mostOfAddress)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Line> _lines = [];
    private readonly LinkedList<Line> _waiting = [];
    private int _working;

    /// <summary>Does some work when it is its turn.</summary>
    /// <param name="address">Whose work it is.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<T> RunAsync<T>(string address, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await WaitAsync(address, cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            Leave(address);
        }
    }

    private async Task WaitAsync(string address, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (!_lines.TryGetValue(address, out var line))
                _lines[address] = line = new Line(address);
            line.Waiting.Enqueue(turn);
            if (line.Waiting.Count == 1)
                _waiting.AddLast(line.Node);
            Serve();
        }

        await using (cancellationToken.UnsafeRegister((_, token) => turn.TrySetCanceled(token), null))
            await turn.Task;
    }

    private void Leave(string address)
    {
        lock (_lock)
        {
            var line = _lines[address];
            line.Working--;
            _working--;
            Forget(line);
            Serve();
        }
    }

    // The line that is served goes behind the others.
    private void Serve()
    {
        for (var node = _waiting.First; node is not null && _working < most;)
        {
            var (line, next) = (node.Value, node.Next);
            if (line.Working < mostOfAddress)
            {
                if (line.Waiting.Dequeue().TrySetResult())
                {
                    line.Working++;
                    _working++;
                }

                _waiting.Remove(node);
                if (line.Waiting.Count > 0)
                    _waiting.AddLast(node);
                next ??= _waiting.First;
                Forget(line);
            }

            node = next;
        }
    }

    private void Forget(Line line)
    {
        if (line is { Working: 0, Waiting.Count: 0 })
            _lines.Remove(line.Address);
    }

    private sealed class Line
    {
        public Line(string address)
        {
            Address = address;
            Node = new LinkedListNode<Line>(this);
        }

        public string Address { get; }

        public LinkedListNode<Line> Node { get; }

        public Queue<TaskCompletionSource> Waiting { get; } = new();

        public int Working { get; set; }
    }
}
