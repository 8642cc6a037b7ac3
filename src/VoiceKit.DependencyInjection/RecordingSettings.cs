using VoiceKit.Audio;
using VoiceKit.Recording;

namespace VoiceKit.DependencyInjection;

/// <summary>How recorders work. What is null is the library's default.</summary>
public sealed class RecordingSettings
{
    /// <summary>The folder of the drafts.</summary>
    /// <value>Null for that of <see cref="VoiceDrafts.Default"/>.</value>
    public string? DraftFolder { get; set; }

    /// <summary>Whether drafts are kept on the disk, where they survive a crash.</summary>
    /// <value>True by default; false keeps them in memory.</value>
    public bool KeepDrafts { get; set; } = true;

    /// <summary>What is shorter is no message; see <see cref="VoiceRecorderOptions.MinDuration"/>.</summary>
    public TimeSpan? MinDuration { get; set; }

    /// <summary>How long a message may be; null for no limit. See <see cref="VoiceRecorderOptions.MaxDuration"/>.</summary>
    public TimeSpan? MaxDuration { get; set; }

    /// <summary>
    /// How large a message may be, in bytes; null for no limit. See <see cref="VoiceRecorderOptions.MaxSize"/>.
    /// </summary>
    public long? MaxSize { get; set; }

    /// <summary>How long before a limit it is told; see <see cref="VoiceRecorderOptions.LimitWarning"/>.</summary>
    public TimeSpan? LimitWarning { get; set; }

    /// <summary>
    /// The cutoff in Hz of a filter against rumble; null for none. See <see cref="VoiceRecorderOptions.HighPass"/>.
    /// </summary>
    public double? HighPass { get; set; }

    /// <summary>Whether a quiet voice is made loud, by the defaults of <see cref="AutomaticGainOptions"/>.</summary>
    /// <value>False by default.</value>
    public bool AutomaticGain { get; set; }

    /// <summary>How much audio passes between two reports; see <see cref="VoiceRecorderOptions.ProgressInterval"/>.</summary>
    public TimeSpan? ProgressInterval { get; set; }

    /// <summary>How much audio a rolling bar stands for; see <see cref="VoiceRecorderOptions.BarInterval"/>.</summary>
    public TimeSpan? BarInterval { get; set; }

    /// <summary>
    /// How long a microphone may be silent before it is given up; see <see cref="VoiceRecorderOptions.DeviceTimeout"/>.
    /// </summary>
    public TimeSpan? DeviceTimeout { get; set; }

    /// <summary>How much audio may wait for the encoder; see <see cref="VoiceRecorderOptions.BufferDuration"/>.</summary>
    public TimeSpan? BufferDuration { get; set; }
}
