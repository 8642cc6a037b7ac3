using VoiceKit.Editing;
using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.Recording;

/// <summary>The part of a recording that becomes the message.</summary>
/// <param name="From">Where it begins; null for the start.</param>
/// <param name="To">Where it ends; null for the end.</param>
internal readonly record struct KeptPart(TimeSpan? From, TimeSpan? To)
{
    public bool IsAll => From is null && To is null;

    /// <summary>Checks what can be known before there is a recording.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part begins before the start, or has no audio.</exception>
    public void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(From ?? TimeSpan.Zero, TimeSpan.Zero, "keepFrom");
        if (To is { } to && OpusRates.ToSamples(to) <= OpusRates.ToSamples(From ?? TimeSpan.Zero))
            throw NoAudio("keepTo", to);
    }

    /// <summary>The error where the part begins behind the end of the recording; null where it does not.</summary>
    public ArgumentOutOfRangeException? FindFault(TimeSpan elapsed) =>
        From is { } from && OpusRates.ToSamples(from) is > 0 and var first && first >= OpusRates.ToSamples(elapsed)
            ? NoAudio("keepFrom", from)
            : null;

    /// <summary>Cuts the part out of Ogg Opus.</summary>
    public byte[] CutOut(byte[] bytes)
    {
        if (IsAll)
            return bytes;
        using var output = new MemoryStream();
        OpusEditor.Trim(new ReadOnlyMemoryStream(bytes), output, From ?? TimeSpan.Zero, To);
        return output.ToArray();
    }

    private static ArgumentOutOfRangeException NoAudio(string name, TimeSpan value) =>
        new(name, value, "There would be no audio.");
}
