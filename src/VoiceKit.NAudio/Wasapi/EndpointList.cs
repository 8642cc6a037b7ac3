using System.Runtime.Versioning;
using NAudio.CoreAudioApi;
using VoiceKit.Audio;

namespace VoiceKit.NAudio.Wasapi;

/// <summary>Lists the devices that can be used now. It may block.</summary>
[SupportedOSPlatform("windows")]
internal static class EndpointList
{
    /// <summary>Lists microphones, speakers, and each speaker as a loopback.</summary>
    /// <param name="enumerator">The system's list.</param>
    /// <param name="role">Whose default devices are marked.</param>
    public static List<AudioDeviceInfo> Of(MMDeviceEnumerator enumerator, Role role)
    {
        var inputs = Of(enumerator, AudioDeviceKind.Input, role);
        var outputs = Of(enumerator, AudioDeviceKind.Output, role);
        return [.. inputs, .. outputs, .. outputs.Select(output => output with { Kind = AudioDeviceKind.Loopback })];
    }

    private static List<AudioDeviceInfo> Of(MMDeviceEnumerator enumerator, AudioDeviceKind kind, Role role)
    {
        var flow = WasapiTarget.FlowOf(kind);
        var usual = DefaultOf(enumerator, flow, role);
        var devices = new List<AudioDeviceInfo>();
        using var endpoints = enumerator.EnumerateAudioEndPoints(flow, DeviceState.Active);
        foreach (var endpoint in endpoints)
        {
            using (endpoint)
            {
                var id = endpoint.ID;
                devices.Add(new AudioDeviceInfo(id, endpoint.FriendlyName, kind)
                {
                    IsDefault = id == usual, Format = FormatOf(endpoint), IsMuted = IsMuted(endpoint),
                });
            }
        }

        return devices;
    }

    private static string? DefaultOf(MMDeviceEnumerator enumerator, DataFlow flow, Role role)
    {
        if (!enumerator.TryGetDefaultAudioEndpoint(flow, role, out var device))
            return null;
        using (device)
            return device.ID;
    }

    // A device may go, or be held by another app, while it is looked at.
    private static AudioFormat? FormatOf(MMDevice endpoint)
    {
        try
        {
            using var client = endpoint.CreateAudioClient();
            return client.MixFormat.ToAudioFormat();
        }
        catch (Exception)
        {
            return null;
        }
    }

    // Not every device has a volume.
    private static bool? IsMuted(MMDevice endpoint)
    {
        try
        {
            return endpoint.AudioEndpointVolume.Mute;
        }
        catch (Exception)
        {
            return null;
        }
    }
}
