using VoiceKit.Audio;
using VoiceKit.Waveforms;

namespace VoiceKit.App.Tests.Own;

/// <summary>An app's own builder of bars: of all that was added it knows the number of frames and the loudest sample.</summary>
internal sealed class OwnWaveform(AudioFormat format) : IWaveformBuilder
{
    private readonly WaveformBuilder _builder = new(format);

    public int Added { get; private set; }

    public AudioFormat Format => format;

    public long FrameCount => _builder.FrameCount;

    public TimeSpan Duration => _builder.Duration;

    public void Add(ReadOnlySpan<float> samples)
    {
        Added += samples.Length;
        _builder.Add(samples);
    }

    public Waveform Build(int bars) => _builder.Build(bars);

    public void Reset() => _builder.Reset();
}
