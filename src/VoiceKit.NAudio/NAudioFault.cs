namespace VoiceKit.NAudio;

/// <summary>Tells what NAudio's devices throw in our terms.</summary>
internal static class NAudioFault
{
    // Windows: audioclient.h and winerror.h.
    private const int DeviceInvalidated = unchecked((int)0x88890004);
    private const int ResourcesInvalidated = unchecked((int)0x88890026);
    private const int DeviceInUse = unchecked((int)0x8889000A);
    private const int ServiceNotRunning = unchecked((int)0x88890010);
    private const int ServerUnavailable = unchecked((int)0x800706BA);
    private const int CallFailed = unchecked((int)0x800706BE);
    private const int NotFound = unchecked((int)0x80070490);
    private const int AccessDenied = unchecked((int)0x80070005);

    /// <summary>Makes the exception of what a device did.</summary>
    /// <param name="what">What failed, in words for a person.</param>
    /// <param name="name">What a person calls the device, or null.</param>
    /// <param name="cause">What it threw; null when it threw nothing.</param>
    /// <param name="deviceId">The device's id, or null.</param>
    public static AudioDeviceException Create(string what, string? name, Exception? cause, string? deviceId = null)
    {
        var device = name is null ? "" : $" ({name})";
        var reason = cause is null ? "." : $": {cause.Message}";
        return new AudioDeviceException($"{what}{device}{reason}", deviceId, KindOf(cause), cause);
    }

    public static AudioDeviceException NotResponding(string what, string? name, string? deviceId = null) =>
        new(name is null ? $"{what}." : $"{what} ({name}).", deviceId, AudioDeviceFault.NotResponding);

    /// <summary>Whether a device says that nothing can be had from it any more.</summary>
    public static bool IsInvalidated(Exception cause) => cause.HResult is DeviceInvalidated or ResourcesInvalidated;

    private static AudioDeviceFault KindOf(Exception? cause) => cause?.HResult switch
    {
        DeviceInvalidated => AudioDeviceFault.Removed,
        DeviceInUse => AudioDeviceFault.InUse,
        ServiceNotRunning or ServerUnavailable or CallFailed => AudioDeviceFault.ServiceUnavailable,
        NotFound => AudioDeviceFault.NotFound,
        AccessDenied => AudioDeviceFault.AccessDenied,
        _ => AudioDeviceFault.Other,
    };
}
