using VoiceKit.Storage;

namespace VoiceKit.WebChat.Messages;

/// <summary>What a page is told of a message.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Person">Who sent it.</param>
/// <param name="Time">When.</param>
/// <param name="Seconds">Its length.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Forwarded">How often it was forwarded.</param>
/// <param name="Played">Whether somebody else has listened to it.</param>
/// <param name="Readable">Whether the server could read its file; its length is 0 if not.</param>
/// <param name="Bars">The heights of its bars, 0…100.</param>
/// <param name="Version">Changes with its bytes; in the address of its audio, it makes that last forever.</param>
internal sealed record MessageView(
    string Id,
    string? Person,
    DateTimeOffset Time,
    double Seconds,
    long Size,
    int Forwarded,
    bool Played,
    bool Readable,
    int[] Bars,
    string Version)
{
    public static MessageView Of(StoredVoiceMessage message) => new(
        message.Id,
        message.Sender,
        message.Time,
        message.Duration.TotalSeconds,
        message.Size,
        message.ForwardedCount,
        message.IsPlayed,
        message.IsReadable,
        [.. message.Bars.Select(bar => (int)Math.Round(100 * bar))],
        VersionOf(File.GetLastWriteTimeUtc(message.Path), message.Size));

    /// <summary>Names the bytes of a message's file.</summary>
    public static string VersionOf(DateTime written, long size) => $"{written.Ticks:x}-{size:x}";
}

/// <summary>What a page is told of a recording that goes on.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Person">Who records.</param>
/// <param name="Started">Since when.</param>
/// <param name="Paused">Whether the person pauses.</param>
/// <param name="CanBeHeard">Whether it can be listened to while it goes on; null before its first bytes.</param>
internal sealed record RecordingView(string Id, string Person, DateTimeOffset Started, bool Paused, bool? CanBeHeard)
{
    public static RecordingView Of(Rooms.LiveRecording recording) =>
        new(recording.Id, recording.Person, recording.Started, recording.IsPaused, recording.CanBeHeard);
}
