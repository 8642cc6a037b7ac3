namespace VoiceKit.DependencyInjection;

/// <summary>
/// How VoiceKit's services work: what an app sets in code, or binds to its configuration. Values are checked when the options are first
/// used, and when a host starts.
/// </summary>
public sealed class VoiceKitOptions
{
    /// <summary>How audio is encoded: what is recorded, what is imported, and what an app encodes itself.</summary>
    public EncodingSettings Encoding { get; } = new();

    /// <summary>How recorders work.</summary>
    public RecordingSettings Recording { get; } = new();

    /// <summary>How players work.</summary>
    public PlaybackSettings Playback { get; } = new();

    /// <summary>How recordings made elsewhere become messages.</summary>
    public ImportSettings Import { get; } = new();

    /// <summary>Where messages are kept, and how.</summary>
    public StoreSettings Store { get; } = new();
}
