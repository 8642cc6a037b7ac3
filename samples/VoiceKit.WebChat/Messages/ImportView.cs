using VoiceKit.Importing;
using VoiceKit.WebChat.Http;

namespace VoiceKit.WebChat.Messages;

/// <summary>What a page is told of a file that may become a message.</summary>
/// <param name="Id">Names the import.</param>
/// <param name="Content">What the file is, for people.</param>
/// <param name="Action">What is done: take, copy or encode.</param>
/// <param name="Seconds">The length of the message.</param>
/// <param name="Size">About its size in bytes.</param>
/// <param name="Refused">Whether it is too long.</param>
/// <param name="Bars">The heights of its bars, 0…100.</param>
internal sealed record ImportView(string Id, string Content, string Action, double Seconds, long Size, bool Refused, int[] Bars)
{
    public static ImportView Of(string id, VoiceImportPreview preview, string folder) => new(
        id,
        Hiding.HidePaths(preview.Content, folder),
        preview.Action.ToString().ToLowerInvariant(),
        preview.Duration.TotalSeconds,
        preview.EstimatedSize,
        preview.IsRefused,
        [.. preview.Waveform.ToBars().Select(bar => (int)Math.Round(100 * bar))]);
}
