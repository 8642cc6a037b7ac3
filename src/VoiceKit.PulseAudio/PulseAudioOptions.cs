namespace VoiceKit.PulseAudio;

/// <summary>How an app uses the sound server.</summary>
public sealed record PulseAudioOptions
{
    /// <summary>The shortest <see cref="InputBlock"/> and <see cref="OutputBuffer"/>: 5 ms.</summary>
    public static TimeSpan MinBuffer { get; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The longest <see cref="InputBlock"/> and <see cref="OutputBuffer"/>: 1 s.</summary>
    public static TimeSpan MaxBuffer { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The server, as PULSE_SERVER names it; null is the person's own.</summary>
    public string? Server { get; init; }

    /// <summary>The app's name, as the system's volume control shows it.</summary>
    public string ApplicationName { get; init; } = AppDomain.CurrentDomain.FriendlyName;

    /// <summary>
    /// What the sound is for, the property media.role of the server: "phone", "music", "notification"…; null says nothing. A
    /// server may mute other sound during it, or switch a headset to its microphone.
    /// </summary>
    public string? MediaRole { get; init; }

    /// <summary>
    /// The channels of an input's format: 1 (the default) or 2. Mono is the average of a stereo device's channels, mixed here,
    /// since servers differ in how loud they make it.
    /// </summary>
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

    /// <summary>
    /// How much an input hears before it tells: 20 ms unless set, <see cref="MinBuffer"/>…<see cref="MaxBuffer"/>. A server may
    /// tell in smaller blocks.
    /// </summary>
    public TimeSpan InputBlock
    {
        get;
        init => field = Checked(value, nameof(InputBlock));
    } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// How much an output keeps ahead: 80 ms unless set, <see cref="MinBuffer"/>…<see cref="MaxBuffer"/>. The device's own
    /// latency is part of it where the server can arrange that.
    /// </summary>
    public TimeSpan OutputBuffer
    {
        get;
        init => field = Checked(value, nameof(OutputBuffer));
    } = TimeSpan.FromMilliseconds(80);

    private static int Checked(int channels, string name) => channels is 1 or 2
        ? channels
        : throw new ArgumentOutOfRangeException(name, channels, "Sound has 1 or 2 channels here.");

    private static TimeSpan Checked(TimeSpan buffer, string name) => buffer >= MinBuffer && buffer <= MaxBuffer
        ? buffer
        : throw new ArgumentOutOfRangeException(
            name, buffer, $"A buffer takes {MinBuffer.TotalMilliseconds}…{MaxBuffer.TotalMilliseconds} ms.");
}
