using System.Runtime.Versioning;
using NAudio.CoreAudioApi;

namespace VoiceKit.NAudio;

/// <summary>How an app uses the devices of Windows.</summary>
[SupportedOSPlatform("windows")]
public sealed record WasapiOptions
{
    /// <summary>The shortest <see cref="OutputBuffer"/>: 20 ms, two periods of the system.</summary>
    public static TimeSpan MinBuffer { get; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest <see cref="OutputBuffer"/>: 1 s.</summary>
    public static TimeSpan MaxBuffer { get; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whose default devices are used where none is named: Windows keeps one for all sound (<see cref="Role.Console"/>, unless
    /// set), and one for calls (<see cref="Role.Communications"/>), such as a headset.
    /// </summary>
    public Role Role { get; init; } = Role.Console;

    /// <summary>
    /// What the sound is for; null, the default, says nothing. With <see cref="AudioStreamCategory.Communications"/> Windows
    /// takes echo and noise from a microphone where the device can, and makes other sound quieter meanwhile. A system or a device
    /// without categories (before Windows 8) goes without. Loopback has none.
    /// </summary>
    public AudioStreamCategory? Category { get; init; }

    /// <summary>The channels of an input's format: 1 (the default), the average of the device's channels, or 2.</summary>
    public int InputChannels
    {
        get;
        init => field = Checked(value, nameof(InputChannels));
    } = 1;

    /// <summary>The channels of an output's format: 1 or 2; null, the default, is as many as the device has, at most 2.</summary>
    public int? OutputChannels
    {
        get;
        init => field = value is { } channels ? Checked(channels, nameof(OutputChannels)) : null;
    }

    /// <summary>How much an output keeps ahead: 80 ms unless set, <see cref="MinBuffer"/>…<see cref="MaxBuffer"/>.</summary>
    public TimeSpan OutputBuffer
    {
        get;
        init => field = value >= MinBuffer && value <= MaxBuffer
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(OutputBuffer), value, $"A buffer takes {MinBuffer.TotalMilliseconds}…{MaxBuffer.TotalMilliseconds} ms.");
    } = TimeSpan.FromMilliseconds(80);

    private static int Checked(int channels, string name) => channels is 1 or 2
        ? channels
        : throw new ArgumentOutOfRangeException(name, channels, "Sound has 1 or 2 channels here.");
}
