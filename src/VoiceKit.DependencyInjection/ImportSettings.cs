using VoiceKit.Importing;

namespace VoiceKit.DependencyInjection;

/// <summary>How recordings made elsewhere become messages. What is null is the library's default.</summary>
public sealed class ImportSettings
{
    /// <summary>Whether Opus is encoded again too; see <see cref="VoiceImportOptions.ForceEncoding"/>.</summary>
    public bool ForceEncoding { get; set; }

    /// <summary>
    /// The loudness that messages are to play at, in LUFS; null to leave it alone. See <see cref="VoiceImportOptions.TargetLoudness"/>.
    /// </summary>
    public double? TargetLoudness { get; set; }

    /// <summary>The most that a faint message is made louder, in dB; see <see cref="VoiceImportOptions.MaxGain"/>.</summary>
    public double? MaxGain { get; set; }

    /// <summary>The level that no sample gets above, in dBFS; see <see cref="VoiceImportOptions.PeakLimit"/>.</summary>
    public double? PeakLimit { get; set; }

    /// <summary>Whether silence at both ends is left out; see <see cref="VoiceImportOptions.TrimSilence"/>.</summary>
    public bool TrimSilence { get; set; }

    /// <summary>The longest message; null for any length. See <see cref="VoiceImportOptions.MaxLength"/>.</summary>
    public TimeSpan? MaxLength { get; set; }

    /// <summary>
    /// Whether what is longer is refused instead of being cut off; see <see cref="VoiceImportOptions.RefuseLonger"/>.
    /// </summary>
    public bool RefuseLonger { get; set; }

    /// <summary>How many bars a preview has; see <see cref="VoiceImportOptions.Bars"/>.</summary>
    public int? Bars { get; set; }

    /// <summary>How many bytes a stream that cannot seek may have; see <see cref="VoiceImportOptions.MaxInputSize"/>.</summary>
    public long? MaxInputSize { get; set; }
}
