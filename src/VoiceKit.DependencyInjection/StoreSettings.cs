using VoiceKit.Storage;

namespace VoiceKit.DependencyInjection;

/// <summary>Where messages are kept, and how. What is null is the library's default.</summary>
public sealed class StoreSettings
{
    /// <summary>The folder of the <see cref="VoiceMessageStore"/>; it is made when the store is first used.</summary>
    /// <value>Null for an app that has no store.</value>
    public string? Folder { get; set; }

    /// <summary>
    /// What a change has survived once it is acknowledged; see <see cref="VoiceMessageStoreOptions.Durability"/>.
    /// </summary>
    public VoiceStoreDurability? Durability { get; set; }

    /// <summary>The largest message, in bytes; see <see cref="VoiceMessageStoreOptions.MaxMessageSize"/>.</summary>
    public long? MaxMessageSize { get; set; }

    /// <summary>
    /// How long changes are gathered before they are told; see <see cref="VoiceMessageStoreOptions.ChangeDelay"/>.
    /// </summary>
    public TimeSpan? ChangeDelay { get; set; }
}
