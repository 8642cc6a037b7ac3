using System.Runtime.Versioning;
using NAudio.CoreAudioApi;
using VoiceKit.NAudio;

namespace VoiceKit.Windows.Tests.Actor;

/// <summary>Lists devices, and tells when the list changes.</summary>
[SupportedOSPlatform("windows")]
internal static class Lister
{
    public static async Task ListAsync()
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            await using var devices = await WasapiDevices.OpenAsync(new WasapiOptions { Role = role });
            foreach (var device in await devices.ListAsync())
                Stage.Tell($"{role}|{device.Kind}|{device.Id}|{device.Name}|{device.IsDefault}|{device.Format}");
        }
    }

    public static async Task WatchAsync(Stage stage)
    {
        await using var devices = await WasapiDevices.OpenAsync();
        devices.Changed += async (_, _) =>
        {
            var usual = (await devices.ListAsync()).Where(device => device.IsDefault).Select(
                device => $"{device.Kind}={device.Name}");
            Stage.Tell($"changed {string.Join(' ', usual)}");
        };
        Stage.Tell("watching");
        await stage.WaitForAsync("stop");
    }
}
