using VoiceKit.Concentus;
using VoiceKit.LibOpus;
using VoiceKit.Opus;

namespace VoiceKit;

/// <summary>The codec of this system.</summary>
public static class VoiceCodec
{
    private static readonly Lazy<ChosenCodec> Chosen = new(
        () => ChosenCodec.Choose(LibOpusCodec.Default, ConcentusCodec.Default));

    /// <summary>
    /// Encodes by libopus where it can be loaded, otherwise by Concentus, which is managed code alone and takes longer. Decodes
    /// by <see cref="ManagedOpusCodec"/>, so that the bytes of strangers never reach native code.
    /// </summary>
    /// <value>The same object each time; it may be used from many threads at once.</value>
    public static IOpusCodec Default => Chosen.Value;

    /// <summary>Why <see cref="Default"/> does not encode by libopus.</summary>
    /// <value>What to install, in words; null where it does.</value>
    public static string? FallbackReason => Chosen.Value.FallbackReason;
}
