using VoiceKit.Audio;

namespace VoiceKit.Waveforms;

/// <summary>Gathers PCM, in pieces of any size, into what a waveform of any number of bars is drawn from.</summary>
public interface IWaveformBuilder
{
    /// <summary>The format of the samples that <see cref="Add"/> takes.</summary>
    AudioFormat Format { get; }

    /// <summary>The number of frames added.</summary>
    long FrameCount { get; }

    /// <summary>The length of the audio added.</summary>
    TimeSpan Duration { get; }

    /// <summary>Adds the next samples.</summary>
    /// <param name="samples">Interleaved whole frames, any number of them.</param>
    /// <exception cref="ArgumentException">The samples end inside a frame; nothing was added.</exception>
    void Add(ReadOnlySpan<float> samples);

    /// <summary>Gives the waveform of all that was added up to now, and changes nothing: adding may go on.</summary>
    /// <param name="bars">The number of bars, 1…<see cref="Waveform.MaxCount"/>.</param>
    /// <returns>As many bars as asked for, however short the audio is.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of bars is out of its range.</exception>
    Waveform Build(int bars);

    /// <summary>Forgets all that was added.</summary>
    void Reset();
}
