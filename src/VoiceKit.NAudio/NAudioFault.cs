namespace VoiceKit.NAudio;

/// <summary>Tells what NAudio's devices throw in our terms.</summary>
internal static class NAudioFault
{
    // Windows: audioclient.h and winerror.h.
    private const int DeviceInvalidated = unchecked((int)0x88890004);
    private const int ServiceNotRunning = unchecked((int)0x88890010);
    private const int NotFound = unchecked((int)0x80070490);
    private const int AccessDenied = unchecked((int)0x80070005);

    /// <summary>Makes the exception of what a device did.</summary>
    /// <param name="what">What failed, in words for a person.</param>
    /// <param name="name">What a person calls the device, or null.</param>
    /// <param name="cause">What it threw; null when it threw nothing.</param>
    public static AudioDeviceException Create(string what, string? name, Exception? cause)
    {
        var device = name is null ? "" : $" ({name})";
        var reason = cause is null ? "." : $": {cause.Message}";
        return new AudioDeviceException($"{what}{device}{reason}", null, KindOf(cause), cause);
    }

    public static AudioDeviceException NotResponding(string what, string? name) =>
        new(name is null ? $"{what}." : $"{what} ({name}).", null, AudioDeviceFault.NotResponding);

    private static AudioDeviceFault KindOf(Exception? cause) => cause?.HResult switch
    {
        DeviceInvalidated => AudioDeviceFault.Removed,
        ServiceNotRunning => AudioDeviceFault.ServiceUnavailable,
        NotFound => AudioDeviceFault.NotFound,
        AccessDenied => AudioDeviceFault.AccessDenied,
        _ => AudioDeviceFault.Other,
    };
}
