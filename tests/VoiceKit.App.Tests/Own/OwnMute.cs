using VoiceKit.Audio;

namespace VoiceKit.App.Tests.Own;

/// <summary>An app's own processor: silent but for the first second, and 100 frames late.</summary>
internal sealed class OwnMute(AudioFormat format) : IAudioProcessor
{
    private readonly Queue<float> _late = new(new float[100 * format.Channels]);
    private long _taken;

    public int LatencyFrames => 100;

    public void Process(Span<float> samples)
    {
        foreach (ref var sample in samples)
        {
            _late.Enqueue(_taken++ < format.SampleRate * format.Channels ? sample : 0);
            sample = _late.Dequeue();
        }
    }

    public void Reset() => _taken = 0;
}
