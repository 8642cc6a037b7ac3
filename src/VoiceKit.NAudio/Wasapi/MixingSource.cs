using VoiceKit.Audio;

namespace VoiceKit.NAudio.Wasapi;

/// <summary>Mixes what a source gives to the channels of a device.</summary>
internal sealed class MixingSource(IAudioOutputSource source, int channels, int deviceChannels) : IAudioOutputSource
{
    private const int BlockFrames = 1024;

    private readonly float[] _block = new float[BlockFrames * channels];

    public int Read(Span<float> buffer)
    {
        var given = 0;
        while (buffer.Length - given >= deviceChannels)
        {
            var wanted = Math.Min((buffer.Length - given) / deviceChannels, BlockFrames);
            var count = source.Read(_block.AsSpan(0, wanted * channels));
            if (count < 0 || count > wanted * channels || count % channels != 0)
            {
                throw new InvalidOperationException(
                    $"The source says it gave {count} floats where {wanted} × {channels} were asked for.");
            }

            var frames = count / channels;
            ChannelMixer.Mix(_block.AsSpan(0, count), channels, buffer.Slice(given, frames * deviceChannels), deviceChannels);
            given += frames * deviceChannels;
            if (frames < wanted)
                break;
        }

        return given;
    }

    public void OnEnded() => source.OnEnded();

    public void OnFault(AudioDeviceException reason) => source.OnFault(reason);
}
