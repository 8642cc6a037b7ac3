namespace VoiceKit.Playback;

/// <summary>
/// A function of frame numbers, made of straight pieces, of which the last ones are kept. One thread adds, any may ask; none
/// waits.
/// </summary>
internal sealed class PositionMarks(int capacity)
{
    private readonly Mark[] _marks = new Mark[capacity];
    private long _count;

    /// <summary>Begins a piece. Does nothing when the piece before says the same from there on.</summary>
    /// <param name="at">Where it begins; not before the piece before.</param>
    /// <param name="value">The value there.</param>
    /// <param name="slope">How much the value grows with each frame.</param>
    public void Add(long at, double value, double slope)
    {
        if (_count > 0)
        {
            ref var last = ref _marks[(_count - 1) % capacity];
            if (last.Slope == slope && Math.Abs(last.ValueAt(at) - value) < 1e-3)
                return;
        }

        ref var mark = ref _marks[_count % capacity];
        Volatile.Write(ref mark.At, at);
        Volatile.Write(ref mark.Value, value);
        Volatile.Write(ref mark.Slope, slope);
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>Forgets all pieces and begins one. Only while nobody asks.</summary>
    public void Restart(long at, double value, double slope)
    {
        _count = 0;
        Add(at, value, slope);
    }

    /// <summary>The value at a frame; before the first piece that is kept, where that begins.</summary>
    public double ValueAt(long frame)
    {
        while (true)
        {
            var count = Volatile.Read(ref _count);
            var index = count - 1;
            if (index < 0)
                return 0;
            var oldest = Math.Max(0, count - capacity + 1);
            while (index > oldest && Volatile.Read(ref _marks[index % capacity].At) > frame)
                index--;

            ref var place = ref _marks[index % capacity];
            var mark = new Mark
            {
                At = Volatile.Read(ref place.At),
                Value = Volatile.Read(ref place.Value),
                Slope = Volatile.Read(ref place.Slope),
            };
            // Written over meanwhile: what was read may be of two marks.
            if (Volatile.Read(ref _count) - index < capacity)
                return mark.ValueAt(Math.Max(mark.At, frame));
        }
    }

    private struct Mark
    {
        public long At;
        public double Value;
        public double Slope;

        public readonly double ValueAt(long frame) => Value + (frame - At) * Slope;
    }
}
