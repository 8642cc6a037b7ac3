using VoiceKit.Importing;
using VoiceKit.Playback;
using VoiceKit.Recording;
using VoiceKit.Storage;

namespace VoiceKit.DependencyInjection;

/// <summary>
/// How VoiceKit's services work: the library's own options, as an app sets them in code or in its configuration. Values are
/// checked when the options are first used, and when a host starts.
/// </summary>
/// <example>
/// In code: <c>options.Recording = options.Recording with { MinDuration = TimeSpan.FromSeconds(0.5) }</c>. In a configuration:
/// <c>Recording:MinDuration</c>.
/// </example>
public sealed class VoiceKitOptions
{
    private readonly List<string> _failures = [];

    /// <summary>How audio is encoded: what is recorded, what is imported, and what an app encodes itself.</summary>
    public VoiceEncodingOptions Encoding
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = new();

    /// <summary>How recorders work. Where nothing is set of its encoding, that of <see cref="Encoding"/> counts.</summary>
    public VoiceRecorderOptions Recording
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = new();

    /// <summary>How players work.</summary>
    public VoicePlayerOptions Playback
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = new();

    /// <summary>
    /// How recordings made elsewhere become messages. Where nothing is set of its encoding, that of <see cref="Encoding"/>
    /// counts.
    /// </summary>
    public VoiceImportOptions Import
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = new();

    /// <summary>How messages are kept.</summary>
    public VoiceMessageStoreOptions Store
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = new();

    /// <summary>The folder of the store; <c>Store:Folder</c> in a configuration.</summary>
    /// <value>Null, the default, for none: then <see cref="IVoiceMessageStore"/> cannot be asked for.</value>
    public string? StoreFolder { get; set; }

    /// <summary>The folder of the drafts; <c>Recording:DraftFolder</c> in a configuration.</summary>
    /// <value>Null, the default, for that of <see cref="VoiceDrafts.Default"/>.</value>
    public string? DraftFolder { get; set; }

    /// <summary>What a configuration says that cannot be used, in sentences.</summary>
    internal IReadOnlyList<string> Failures => _failures;

    /// <summary>Notes what cannot be used.</summary>
    internal void Fail(string sentence) => _failures.Add(sentence);
}
