namespace VoiceKit;

/// <summary>Why an audio device cannot be used.</summary>
public enum AudioDeviceFault
{
    /// <summary>None of the others; the message says more.</summary>
    Other,

    /// <summary>There is no such device.</summary>
    NotFound,

    /// <summary>The device was unplugged or removed while it was in use.</summary>
    Removed,

    /// <summary>The system's sound service cannot be reached, or ended.</summary>
    ServiceUnavailable,

    /// <summary>The person or the system does not let the app use the device.</summary>
    AccessDenied,

    /// <summary>The device was suspended, by the system or by another app, while it was in use.</summary>
    Suspended,

    /// <summary>The device, or the sound service, did not answer in time.</summary>
    NotResponding,

    /// <summary>Another app has the device for itself.</summary>
    InUse,
}
