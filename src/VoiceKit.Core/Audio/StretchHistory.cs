namespace VoiceKit.Audio;

/// <summary>
/// The part of a stream that a <see cref="TimeStretcher"/> may still read: cleaned, channel by channel, and mixed down to one
/// channel for the search. Frames are counted from the start of the stream.
/// </summary>
internal sealed class StretchHistory
{
    private readonly int _channels;
    private readonly int _capacity;
    private readonly float[] _samples;
    private readonly float[] _mix;
    private int _filled;

    /// <summary>Creates an empty history.</summary>
    public StretchHistory(int channels, int capacity)
    {
        _channels = channels;
        _capacity = capacity;
        _samples = new float[channels * capacity];
        _mix = channels == 1 ? _samples : new float[capacity];
    }

    /// <summary>The oldest frame that is kept.</summary>
    public long Start { get; private set; }

    /// <summary>The frame after the newest.</summary>
    public long End => Start + _filled;

    /// <summary>Forgets all.</summary>
    public void Reset()
    {
        Start = 0;
        _filled = 0;
    }

    /// <summary>Takes frames, as many as there is room for.</summary>
    /// <param name="input">Interleaved whole frames.</param>
    /// <param name="needed">The oldest frame that must be kept.</param>
    /// <returns>How many frames were taken.</returns>
    public int Append(ReadOnlySpan<float> input, long needed)
    {
        var count = MakeRoom(input.Length / _channels, needed);
        if (_channels == 1)
            SampleCleaner.Copy(input[..count], _samples.AsSpan(_filled));
        else
            TakeApart(input, count);

        _filled += count;
        return count;
    }

    /// <summary>Takes as much silence as there is room for.</summary>
    /// <param name="needed">The oldest frame that must be kept.</param>
    public void AppendSilence(long needed)
    {
        var count = MakeRoom(_capacity, needed);
        for (var channel = 0; channel < _channels; channel++)
            _samples.AsSpan(channel * _capacity + _filled, count).Clear();
        _mix.AsSpan(_filled, count).Clear();
        _filled += count;
    }

    /// <summary>Frames of one channel; they lie within <see cref="Start"/> and <see cref="End"/>.</summary>
    public ReadOnlySpan<float> Channel(int channel, long start, int count) =>
        _samples.AsSpan(channel * _capacity + (int)(start - Start), count);

    /// <summary>The same frames of the mix of all channels.</summary>
    public ReadOnlySpan<float> Mix(long start, int count) => _mix.AsSpan((int)(start - Start), count);

    private void TakeApart(ReadOnlySpan<float> input, int count)
    {
        var mix = _mix.AsSpan(_filled, count);
        mix.Clear();
        for (var channel = 0; channel < _channels; channel++)
        {
            // Unequal weights: channels of opposite polarity do not take each other out.
            var weight = 1f / (2 + channel);
            var planar = _samples.AsSpan(channel * _capacity + _filled, count);
            var from = channel;
            for (var i = 0; i < planar.Length; i++, from += _channels)
            {
                planar[i] = SampleCleaner.Clean(input[from]);
                mix[i] += planar[i] * weight;
            }
        }
    }

    private int MakeRoom(int frames, long needed)
    {
        if (frames > _capacity - _filled && needed > Start)
        {
            var dropped = (int)Math.Min(needed - Start, _filled);
            for (var channel = 0; channel < _channels; channel++)
                Shift(_samples.AsSpan(channel * _capacity, _filled), dropped);
            if (_channels > 1)
                Shift(_mix.AsSpan(0, _filled), dropped);
            Start += dropped;
            _filled -= dropped;
        }

        return Math.Min(frames, _capacity - _filled);
    }

    private static void Shift(Span<float> samples, int by) => samples[by..].CopyTo(samples);
}
