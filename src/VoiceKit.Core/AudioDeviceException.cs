namespace VoiceKit;

/// <summary>A microphone or speaker that is not there, is gone, refuses to work or does not answer.</summary>
public class AudioDeviceException : VoiceKitException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed, in words for a person.</param>
    /// <param name="deviceId">The device's id, or null for the system's default.</param>
    /// <param name="fault">What kind of failure it is.</param>
    /// <param name="innerException">The cause, if another exception is it.</param>
    public AudioDeviceException(
        string message,
        string? deviceId = null,
        AudioDeviceFault fault = AudioDeviceFault.Other,
        Exception? innerException = null)
        : base(message, innerException)
    {
        DeviceId = deviceId;
        Fault = fault;
    }

    /// <summary>The device's id, or null for the system's default.</summary>
    public string? DeviceId { get; }

    /// <summary>What kind of failure it is.</summary>
    public AudioDeviceFault Fault { get; }
}
