namespace VoiceKit.Audio;

/// <summary>An audio device that the system has.</summary>
/// <param name="Id">What opens it: a name that the system gives, the same at the next start where the system keeps it.</param>
/// <param name="Name">What a person calls it.</param>
/// <param name="Kind">What it is for.</param>
public sealed record AudioDeviceInfo(string Id, string Name, AudioDeviceKind Kind)
{
    /// <summary>Whether it is what the system uses when no device of its kind is named.</summary>
    public bool IsDefault { get; init; }

    /// <summary>The device's own format, or null when that is not known.</summary>
    public AudioFormat? Format { get; init; }

    /// <summary>Whether the person has muted it in the system, or null when that is not known.</summary>
    public bool? IsMuted { get; init; }
}
