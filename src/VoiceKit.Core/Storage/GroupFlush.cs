namespace VoiceKit.Storage;

/// <summary>
/// Flushes something for all who ask at once: whoever comes while a flush is at work waits for the next one, which one of those
/// who wait does for all of them. A flush that was begun earlier does not count, since it may miss what was written since.
/// </summary>
/// <param name="flush">Does it.</param>
internal sealed class GroupFlush(Action flush)
{
    private readonly object _gate = new();
    private Round _next = new();
    private bool _isRunning;

    /// <summary>Returns when a flush that began after this call is done.</summary>
    /// <exception cref="IOException">The flush has failed, for all who waited for it.</exception>
    public void Run()
    {
        var round = Join(out var isLeader);
        if (isLeader)
            Lead(round);
        if (round.Fault is { } fault)
            throw new IOException(fault.Message, fault);
    }

    private Round Join(out bool isLeader)
    {
        lock (_gate)
        {
            var round = _next;
            while (_isRunning && !round.IsDone)
                Monitor.Wait(_gate);
            isLeader = !round.IsDone;
            if (isLeader)
            {
                _isRunning = true;
                _next = new Round();
            }

            return round;
        }
    }

    private void Lead(Round round)
    {
        try
        {
            flush();
        }
        catch (IOException exception)
        {
            round.Fault = exception;
        }
        finally
        {
            lock (_gate)
            {
                round.IsDone = true;
                _isRunning = false;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private sealed class Round
    {
        public bool IsDone { get; set; }

        public IOException? Fault { get; set; }
    }
}
