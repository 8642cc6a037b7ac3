namespace VoiceKit.Audio;

/// <summary>
/// Processors one behind the other, whose latency is made up for: output frame n belongs to input frame n. Allocates nothing per
/// call.
/// </summary>
internal sealed class ProcessorChain
{
    private readonly IAudioProcessor[] _processors;
    private readonly float[] _silence;
    private int _skipLeft;
    private int _restLeft;

    /// <summary>Makes the processors.</summary>
    /// <param name="format">The format of the samples.</param>
    /// <param name="processors">Make one processor each, for that format.</param>
    /// <exception cref="ArgumentException">There is no processor, or one states a negative latency.</exception>
    public ProcessorChain(AudioFormat format, IEnumerable<Func<AudioFormat, IAudioProcessor>> processors)
    {
        _processors = [.. processors.Select(make => make(format) ?? throw new ArgumentException("A processor is null."))];
        var latency = 0;
        foreach (var processor in _processors)
        {
            if (processor.LatencyFrames < 0)
                throw new ArgumentException($"{processor.GetType().Name} states a negative latency.");
            latency = checked(latency + processor.LatencyFrames);
        }

        LatencyFrames = latency;
        _skipLeft = _restLeft = checked(latency * format.Channels);
        _silence = new float[Math.Min(_restLeft, Math.Max(1, format.SampleRate / 50) * format.Channels)];
    }

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => _processors.Length == 0;

    /// <summary>How many frames are held back on the way.</summary>
    public int LatencyFrames { get; }

    /// <summary>Takes samples.</summary>
    /// <param name="samples">Whole frames; they are overwritten.</param>
    /// <returns>The part of them that is output: fewer at the start, all later on.</returns>
    public Span<float> Process(Span<float> samples)
    {
        foreach (var processor in _processors)
            processor.Process(samples);
        var skipped = Math.Min(_skipLeft, samples.Length);
        _skipLeft -= skipped;
        return samples[skipped..];
    }

    /// <summary>Gives the next part of what is held back, after the last input. Call it until <see cref="IsDrained"/>.</summary>
    /// <returns>The output, valid until the next call; may be empty before the end too.</returns>
    public Span<float> Drain()
    {
        var piece = _silence.AsSpan(0, Math.Min(_restLeft, _silence.Length));
        piece.Clear();
        _restLeft -= piece.Length;
        return Process(piece);
    }

    /// <summary>Whether <see cref="Drain"/> has given everything.</summary>
    public bool IsDrained => _restLeft == 0;
}
