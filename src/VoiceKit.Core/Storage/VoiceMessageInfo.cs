using VoiceKit.Waveforms;

namespace VoiceKit.Storage;

/// <summary>What a store is told of a message beside its audio.</summary>
public sealed record VoiceMessageInfo
{
    /// <summary>Whose message it is.</summary>
    public VoiceMessageDirection Direction { get; init; }

    /// <summary>
    /// Who sent it, in the app's own way of naming people; null when that is not said. At most 1024 characters.
    /// </summary>
    public string? Sender { get; init; }

    /// <summary>
    /// The conversation that it belongs to, in the app's own way of naming them; null when that is not said. At most 1024
    /// characters.
    /// </summary>
    public string? Conversation { get; init; }

    /// <summary>When it was sent; kept to the millisecond. Null for now.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>
    /// Names the message: 1…64 letters and digits of ASCII, hyphens, underscores and dots, the first of them a letter or a digit.
    /// Null for a new one.
    /// </summary>
    public string? Id { get; init; }

    /// <summary>How often it was forwarded before; 0 or more.</summary>
    public int ForwardedCount { get; init; }

    /// <summary>Whether it was listened to.</summary>
    public bool IsPlayed { get; init; }

    /// <summary>Its bars, of which <see cref="StoredVoiceMessage.BarCount"/> are kept; null for none.</summary>
    public Waveform? Waveform { get; init; }
}
