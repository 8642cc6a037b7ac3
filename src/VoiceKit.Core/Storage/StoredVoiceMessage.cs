namespace VoiceKit.Storage;

/// <summary>A message in a store as it was when it was read.</summary>
/// <param name="Id">
/// Names it within the store. A file that was put there by hand has one too, which is made of its name until the file is changed.
/// </param>
/// <param name="Path">Its file, which the person may rename or delete at any time.</param>
/// <param name="Direction">Whose it is: the folder that it is in.</param>
/// <param name="Sender">Who sent it; null when that is not known.</param>
/// <param name="Time">When it was sent; when the file was last written, if the file does not say.</param>
/// <param name="Duration">Its length.</param>
/// <param name="Size">The size of the file in bytes.</param>
/// <param name="ForwardedCount">How often it was forwarded.</param>
/// <param name="IsPlayed">Whether it was listened to.</param>
/// <param name="Bars">The heights of its bars, each in 0…1 by steps of 1/255; empty when they are not known.</param>
public sealed record StoredVoiceMessage(
    string Id,
    string Path,
    VoiceMessageDirection Direction,
    string? Sender,
    DateTimeOffset Time,
    TimeSpan Duration,
    long Size,
    int ForwardedCount,
    bool IsPlayed,
    IReadOnlyList<float> Bars)
{
    /// <summary>How many bars a store keeps of a waveform.</summary>
    public const int BarCount = 64;
}
