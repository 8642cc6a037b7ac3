using NAudio.Wave;

namespace VoiceKit.NAudio;

/// <summary>Samples that wait, as a provider of NAudio. It allocates only to become larger.</summary>
internal sealed class SampleQueue(WaveFormat format) : ISampleProvider
{
    private float[] _samples = [];
    private int _first;

    public WaveFormat WaveFormat => format;

    /// <summary>How many samples wait.</summary>
    public int Count { get; private set; }

    /// <summary>Makes room for samples behind those that wait, to be written at once.</summary>
    public Span<float> Append(int count)
    {
        if (_first + Count + count > _samples.Length)
        {
            var old = _samples.AsSpan(_first, Count);
            if (Count + count > _samples.Length)
                _samples = new float[Count + count];
            old.CopyTo(_samples);
            _first = 0;
        }

        Count += count;
        return _samples.AsSpan(_first + Count - count, count);
    }

    /// <summary>Takes back the last samples that were appended.</summary>
    public void Shorten(int count) => Count -= count;

    public int Read(Span<float> buffer)
    {
        var count = Math.Min(buffer.Length, Count);
        _samples.AsSpan(_first, count).CopyTo(buffer);
        _first += count;
        Count -= count;
        return count;
    }

    public void Clear() => (_first, Count) = (0, 0);
}
