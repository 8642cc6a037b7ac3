namespace VoiceKit.Storage;

/// <summary>A message in a store as it was when it was read.</summary>
public sealed class StoredVoiceMessage
{
    /// <summary>How many bars a store keeps of a waveform.</summary>
    public const int BarCount = 64;

    /// <summary>
    /// Names it within the store. A file that was put there by hand has an id too, which is made of its name until the file is
    /// changed.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>Its file, which the person may rename or delete at any time.</summary>
    public required string Path { get; init; }

    /// <summary>Whose it is: the folder that it is in.</summary>
    public VoiceMessageDirection Direction { get; init; }

    /// <summary>
    /// Whether the system could read its file. If not, the message says what the store knew of it before: its id, time, size, and
    /// whether it was played, when that is known. Opening it throws what the system says.
    /// </summary>
    public bool IsReadable { get; init; } = true;

    /// <summary>Who sent it; null when that is not known.</summary>
    public string? Sender { get; init; }

    /// <summary>The conversation that it belongs to; null when that is not known.</summary>
    public string? Conversation { get; init; }

    /// <summary>When it was sent, to the millisecond; when the file was last written, if the file does not say.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Its length; 0 when it could not be read.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The size of the file in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>How often it was forwarded; 0 or more.</summary>
    public int ForwardedCount { get; init; }

    /// <summary>Whether it was listened to.</summary>
    public bool IsPlayed { get; init; }

    /// <summary>The heights of its bars, each in 0…1 by steps of 1/255; empty when they are not known.</summary>
    public IReadOnlyList<float> Bars { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{Id}: {Direction}, {Time:u}, {Duration:hh\\:mm\\:ss\\.f}, {Size} bytes";
}
