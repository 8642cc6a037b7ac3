using Microsoft.Extensions.Logging;
using VoiceKit.Audio;
using VoiceKit.Opus;
using VoiceKit.Playback;

namespace VoiceKit.DependencyInjection;

internal sealed class VoicePlayerFactory(
    IOpusDecoderFactory? decoder, IAudioDevices? devices, VoicePlayerOptions options, ILogger log)
    : IVoicePlayerFactory
{
    public async Task<IVoicePlayer> CreateAsync(string? deviceId, CancellationToken cancellationToken)
    {
        if (devices is null)
            throw VoiceKitServices.NoDevices();
        return Create(await devices.OpenOutputAsync(deviceId, cancellationToken).ConfigureAwait(false));
    }

    public IVoicePlayer Create(IAudioOutput output)
    {
        var player = new VoicePlayer(output, decoder, options);
        player.StateChanged += (sender, progress) =>
        {
            if (progress.State == PlaybackState.Faulted && ((VoicePlayer)sender!).Fault is { } fault)
                VoiceKitLog.PlaybackFault(log, fault, progress.Position);
        };
        return player;
    }
}
