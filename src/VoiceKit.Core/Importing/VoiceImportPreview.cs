using VoiceKit.Waveforms;

namespace VoiceKit.Importing;

/// <summary>What an import would do and make.</summary>
public sealed class VoiceImportPreview
{
    /// <summary>What the input is, in words for people: "an MPEG-4 file (M4A, MP4)", "Opus in WebM".</summary>
    public required string Content { get; init; }

    /// <summary>What would be done.</summary>
    public required VoiceImportAction Action { get; init; }

    /// <summary>Why Opus would be encoded again; null where it is taken, and for what is no Opus.</summary>
    public string? EncodingReason { get; init; }

    /// <summary>The length that the message would have.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The length of the input's sound.</summary>
    public required TimeSpan SourceDuration { get; init; }

    /// <summary>The silence that would be left out at the start.</summary>
    public required TimeSpan TrimmedStart { get; init; }

    /// <summary>The silence that would be left out at the end.</summary>
    public required TimeSpan TrimmedEnd { get; init; }

    /// <summary>How much would be cut off at the end, since it is longer than allowed.</summary>
    public required TimeSpan Cut { get; init; }

    /// <summary>Whether it is longer than allowed and would be refused.</summary>
    public required bool IsRefused { get; init; }

    /// <summary>
    /// About how many bytes the message would have: exact for packets that are copied, but for some bytes around them.
    /// </summary>
    public required long EstimatedSize { get; init; }

    /// <summary>How loud it is, in LUFS; negative infinity for silence.</summary>
    public required double Loudness { get; init; }

    /// <summary>The gain that the header would get, in dB; 0 where loudness is left alone.</summary>
    public required double Gain { get; init; }

    /// <summary>What is odd about it, in sentences; see <see cref="VoiceImportOptions.Warned"/>.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The message's bars, before that gain.</summary>
    public required Waveform Waveform { get; init; }
}
