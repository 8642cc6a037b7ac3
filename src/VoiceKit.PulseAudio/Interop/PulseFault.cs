using System.Runtime.InteropServices;

namespace VoiceKit.PulseAudio.Interop;

/// <summary>Turns the server's codes into exceptions for an app.</summary>
internal static class PulseFault
{
    public static AudioDeviceException Create(PulseError error, string what, string? deviceId = null) =>
        new($"{what}: {TextOf(error)}.", deviceId, KindOf(error));

    public static AudioDeviceException NotAnswering(string? deviceId = null) =>
        new("The sound server does not answer.", deviceId, AudioDeviceFault.NotResponding);

    private static AudioDeviceFault KindOf(PulseError error) => error switch
    {
        PulseError.Access or PulseError.AuthenticationKey => AudioDeviceFault.AccessDenied,
        PulseError.NoEntity => AudioDeviceFault.NotFound,
        PulseError.Timeout => AudioDeviceFault.NotResponding,
        PulseError.Killed => AudioDeviceFault.Removed,
        PulseError.ConnectionRefused or PulseError.ConnectionTerminated or PulseError.InvalidServer =>
            AudioDeviceFault.ServiceUnavailable,
        _ => AudioDeviceFault.Other,
    };

    private static unsafe string TextOf(PulseError error) =>
        Marshal.PtrToStringUTF8((nint)NativeMethods.StrError(error)) ?? $"error {(int)error}";
}
