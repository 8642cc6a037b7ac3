using VoiceKit.Audio;

namespace VoiceKit.NAudio.Wasapi;

/// <summary>Mixes what a device hears to the channels of a sink.</summary>
internal sealed class MixingSink(IAudioInputSink sink, int deviceChannels, int channels) : IAudioInputSink
{
    private const int BlockFrames = 1024;

    private readonly float[] _mixed = new float[BlockFrames * channels];

    public void OnAudio(ReadOnlySpan<float> samples)
    {
        while (!samples.IsEmpty)
        {
            var frames = Math.Min(samples.Length / deviceChannels, BlockFrames);
            var mixed = _mixed.AsSpan(0, frames * channels);
            ChannelMixer.Mix(samples[..(frames * deviceChannels)], deviceChannels, mixed, channels);
            sink.OnAudio(mixed);
            samples = samples[(frames * deviceChannels)..];
        }
    }

    public void OnLost(long frames) => sink.OnLost(frames);

    public void OnFault(AudioDeviceException reason) => sink.OnFault(reason);
}
