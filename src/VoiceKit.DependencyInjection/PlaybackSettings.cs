using VoiceKit.Playback;

namespace VoiceKit.DependencyInjection;

/// <summary>How players work. What is null is the library's default.</summary>
public sealed class PlaybackSettings
{
    /// <summary>How often the position is told; see <see cref="VoicePlayerOptions.ProgressInterval"/>.</summary>
    public TimeSpan? ProgressInterval { get; set; }

    /// <summary>How long a speaker may take to start; see <see cref="VoicePlayerOptions.StartTimeout"/>.</summary>
    public TimeSpan? StartTimeout { get; set; }

    /// <summary>The level under which audio is silence, in dBFS; see <see cref="VoicePlayerOptions.SilenceThreshold"/>.</summary>
    public double? SilenceThreshold { get; set; }
}
