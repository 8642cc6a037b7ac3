using System.Buffers;
using VoiceKit.Audio;

namespace VoiceKit.Waveforms;

/// <summary>
/// The lowest and the highest sample of equal stretches of audio, all channels mixed into one, as integers of 16 bits.
/// </summary>
/// <remarks>Where there is a greatest number of stretches, one more makes pairs of them, twice as long.</remarks>
internal sealed class SampleRanges(int channels, int length, int capacity = int.MaxValue)
{
    private readonly List<(short Lowest, short Highest)> _ranges = [];
    private int _lowest = short.MaxValue;
    private int _highest = short.MinValue;
    private int _fill;

    /// <summary>How many samples a stretch has; the last may have less.</summary>
    public int Length { get; private set; } = length;

    public int Count => _ranges.Count + (_fill > 0 ? 1 : 0);

    public void AddAll(IAudioReader reader, IProgress<TimeSpan>? progress, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<float>.Shared.Rent(8192);
        try
        {
            long frames = 0;
            int read;
            while ((read = reader.Read(buffer)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Add(buffer.AsSpan(0, read));
                frames += read / channels;
                progress?.Report(reader.Format.DurationOf(frames));
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    /// <summary>Makes each so many stretches one.</summary>
    public void Merge(int factor)
    {
        if (_fill > 0)
            Close();
        var count = 0;
        for (var at = 0; at < _ranges.Count; at += factor)
        {
            var merged = _ranges[at];
            for (var i = at + 1; i < Math.Min(at + factor, _ranges.Count); i++)
                merged = (Math.Min(merged.Lowest, _ranges[i].Lowest), Math.Max(merged.Highest, _ranges[i].Highest));
            _ranges[count++] = merged;
        }

        _ranges.RemoveRange(count, _ranges.Count - count);
        Length = checked(Length * factor);
    }

    /// <summary>The lowest and the highest sample of each, one behind the other.</summary>
    public short[] ToArray()
    {
        if (_fill > 0)
            Close();
        var data = new short[2 * _ranges.Count];
        for (var i = 0; i < _ranges.Count; i++)
            (data[2 * i], data[2 * i + 1]) = _ranges[i];
        return data;
    }

    private void Add(ReadOnlySpan<float> samples)
    {
        for (var at = 0; at < samples.Length; at += channels)
        {
            var sample = Mix(samples.Slice(at, channels));
            _lowest = Math.Min(_lowest, sample);
            _highest = Math.Max(_highest, sample);
            if (++_fill == Length)
                Close();
        }
    }

    // As audiowaveform does with samples of 16 bits: the mean is cut off towards zero.
    private static int Mix(ReadOnlySpan<float> frame)
    {
        var sum = 0;
        foreach (var sample in frame)
            sum += float.IsNaN(sample) ? 0 : (int)Math.Clamp(MathF.Round(sample * 32768), short.MinValue, short.MaxValue);
        return sum / frame.Length;
    }

    private void Close()
    {
        _ranges.Add(((short)_lowest, (short)_highest));
        (_lowest, _highest, _fill) = (short.MaxValue, short.MinValue, 0);
        if (_ranges.Count == capacity)
            Merge(2);
    }
}
