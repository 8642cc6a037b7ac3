using VoiceKit.Audio;

namespace VoiceKit.App.Tests.Own;

/// <summary>An app's own way to devices.</summary>
internal sealed class OwnDevices : IAudioDevices
{
    public event EventHandler? Changed
    {
        add { }
        remove { }
    }

    public ValueTask<IReadOnlyList<AudioDeviceInfo>> ListAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IReadOnlyList<AudioDeviceInfo>>([new("own", "Own", AudioDeviceKind.Input)]);

    public ValueTask<IAudioInput> OpenInputAsync(string? deviceId = null, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IAudioInput>(new OwnMicrophone(TimeSpan.FromSeconds(2)));

    public ValueTask<IAudioInput> OpenLoopbackAsync(string? deviceId = null, CancellationToken cancellationToken = default) =>
        throw new AudioDeviceException("There is no loopback.", deviceId, AudioDeviceFault.NotFound);

    public ValueTask<IAudioOutput> OpenOutputAsync(string? deviceId = null, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IAudioOutput>(new OwnSpeaker());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
