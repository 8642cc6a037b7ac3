namespace VoiceKit.Audio;

/// <summary>
/// Changes PCM on its way, as a stream: a filter, a gain, a noise suppressor. A recorder and an importer take any number of them.
/// </summary>
/// <remarks>
/// As many frames come out as go in. A processor that must know the sound ahead holds it back by a fixed number of frames, and
/// says so by <see cref="LatencyFrames"/>: who uses it drops as many frames at the start, and gives as many frames of silence at
/// the end, so that nothing is moved and nothing is lost. An instance serves one stream, and one thread at a time.
/// <see cref="Process"/> should allocate nothing.
/// </remarks>
public interface IAudioProcessor
{
    /// <summary>How many frames the output is behind the input: 0 or more, and always the same.</summary>
    int LatencyFrames { get; }

    /// <summary>Takes the next samples and gives as many in their place.</summary>
    /// <param name="samples">Interleaved whole frames of the format that the processor was made for, any number.</param>
    void Process(Span<float> samples);

    /// <summary>Forgets all input: the next sample is the first of a new stream.</summary>
    void Reset();
}
