using Microsoft.Extensions.Logging;
using VoiceKit.Audio;
using VoiceKit.Opus;
using VoiceKit.Recording;

namespace VoiceKit.DependencyInjection;

internal sealed class VoiceRecorderFactory(
    IOpusEncoderFactory codec, IAudioDevices? devices, VoiceRecorderOptions options, ILogger log)
    : IVoiceRecorderFactory
{
    public async Task<IVoiceRecorder> CreateAsync(string? deviceId, CancellationToken cancellationToken)
    {
        if (devices is null)
            throw VoiceKitServices.NoDevices();
        return Create(await devices.OpenInputAsync(deviceId, cancellationToken).ConfigureAwait(false));
    }

    public IVoiceRecorder Create(IAudioInput input)
    {
        var recorder = new VoiceRecorder(input, codec, options);
        recorder.StateChanged += (sender, change) =>
        {
            if (change.Fault is { } fault)
                VoiceKitLog.RecordingFault(log, fault, ((VoiceRecorder)sender!).Elapsed);
        };
        return recorder;
    }
}
