namespace VoiceKit.Audio;

/// <summary>
/// Carries samples from one thread to one other without locks: neither ever waits.
/// </summary>
/// <remarks>
/// The counters share a cache line: lines of their own make no difference to pieces as long as devices give and take.
/// </remarks>
internal sealed class SampleRing
{
    private readonly float[] _samples;
    private long _written;
    private long _read;

    /// <summary>Creates an empty ring.</summary>
    /// <param name="capacity">How many samples it holds.</param>
    public SampleRing(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1 << 28);
        _samples = new float[capacity];
    }

    /// <summary>How many samples it holds.</summary>
    public int Capacity => _samples.Length;

    /// <summary>How many samples wait. Exact on the reader's thread until it reads; a lower bound of what it will find.</summary>
    public int Count => (int)(Volatile.Read(ref _written) - Volatile.Read(ref _read));

    /// <summary>How many samples were ever added.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>How many samples were ever taken or thrown away.</summary>
    public long Taken => Volatile.Read(ref _read);

    /// <summary>How many samples there is room for. On the writer's thread a lower bound.</summary>
    public int Free => Capacity - Count;

    /// <summary>Adds samples, as many as there is room for. Only the writer's thread calls it.</summary>
    /// <returns>How many were added.</returns>
    public int Write(ReadOnlySpan<float> samples)
    {
        var written = _written;
        var count = Math.Min(samples.Length, Capacity - (int)(written - Volatile.Read(ref _read)));
        var at = (int)(written % Capacity);
        var first = Math.Min(count, Capacity - at);
        samples[..first].CopyTo(_samples.AsSpan(at));
        samples[first..count].CopyTo(_samples);
        Volatile.Write(ref _written, written + count);
        return count;
    }

    /// <summary>Takes samples, as many as wait. Only the reader's thread calls it.</summary>
    /// <returns>How many were taken.</returns>
    public int Read(Span<float> buffer)
    {
        var read = _read;
        var count = Math.Min(buffer.Length, (int)(Volatile.Read(ref _written) - read));
        var at = (int)(read % Capacity);
        var first = Math.Min(count, Capacity - at);
        _samples.AsSpan(at, first).CopyTo(buffer);
        _samples.AsSpan(0, count - first).CopyTo(buffer[first..]);
        Volatile.Write(ref _read, read + count);
        return count;
    }

    /// <summary>Throws away what was added before a place. Only the reader's thread calls it.</summary>
    /// <param name="written">A value that <see cref="Written"/> had; what was taken already stays so.</param>
    public void SkipTo(long written)
    {
        if (written > _read)
            Volatile.Write(ref _read, written);
    }

    /// <summary>Throws away what waits. Only the reader's thread calls it.</summary>
    public void Clear() => Volatile.Write(ref _read, Volatile.Read(ref _written));
}
