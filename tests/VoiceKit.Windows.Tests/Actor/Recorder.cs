using System.Runtime.Versioning;
using NAudio.CoreAudioApi;
using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.NAudio;
using VoiceKit.Recording;

namespace VoiceKit.Windows.Tests.Actor;

/// <summary>Records until it is told to stop, or the device ends.</summary>
/// <param name="stage">Where the drafts and the message go.</param>
/// <param name="source">"input" or "loopback".</param>
/// <param name="device">The device's name; "default" for that.</param>
[SupportedOSPlatform("windows")]
internal sealed class Recorder(Stage stage, string source, string device)
{
    public async Task RunAsync()
    {
        await using var devices = await WasapiDevices.OpenAsync(
            new WasapiOptions { Category = AudioStreamCategory.Communications });
        await using var recorder = new VoiceRecorder(await OpenAsync(devices), LibOpusCodec.Default, new VoiceRecorderOptions
        {
            Drafts = new VoiceDrafts(stage["drafts"]),
            DeviceTimeout = Stage.Patience,
            Encoding = new VoiceEncodingOptions { Encoder = new() { Bitrate = 64_000 } },
        });
        recorder.StateChanged += (_, change) =>
            Stage.Tell($"{change.Current} {(change.Fault as AudioDeviceException)?.Fault} {change.Fault?.Message}");
        await recorder.StartAsync();
        await Stage.Until(() => recorder.Elapsed > TimeSpan.Zero);
        Stage.Tell("hears");
        await Stage.Until(() => File.Exists(stage["stop"]) || recorder.State == RecordingState.Faulted);
        Stage.Tell($"drafts {Directory.GetFiles(stage["drafts"]).Length}");
        var elapsed = recorder.Elapsed;
        await (await recorder.FinishAsync())!.SaveAsync(stage["message.opus"]);
        Stage.Tell($"elapsed {elapsed.TotalMilliseconds:F0}");
    }

    /// <summary>Starts a microphone that cannot be started, and tells what it hears.</summary>
    public static async Task StartAsync(string device)
    {
        try
        {
            await using var devices = await WasapiDevices.OpenAsync();
            await using var input = await devices.OpenInputAsync(device);
        }
        catch (AudioDeviceException exception)
        {
            Stage.Tell($"refused {exception.Fault} {exception.Message}");
        }
    }

    private async Task<IAudioInput> OpenAsync(WasapiDevices devices)
    {
        var kind = source == "loopback" ? AudioDeviceKind.Loopback : AudioDeviceKind.Input;
        var id = await FindAsync(devices, kind);
        return kind == AudioDeviceKind.Loopback ? await devices.OpenLoopbackAsync(id) : await devices.OpenInputAsync(id);
    }

    private async Task<string?> FindAsync(WasapiDevices devices, AudioDeviceKind kind) => device == "default"
        ? null
        : (await devices.ListAsync()).Single(one => one.Kind == kind && one.Name == device).Id;
}
