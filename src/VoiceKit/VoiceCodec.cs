using VoiceKit.Concentus;
using VoiceKit.LibOpus;
using VoiceKit.Opus;

namespace VoiceKit;

/// <summary>The codec of this system.</summary>
public static class VoiceCodec
{
    private static readonly Lazy<Choice> Chosen = new(() => Choose(LibOpusCodec.Default, ConcentusCodec.Default));

    /// <summary>libopus where it can be loaded, otherwise Concentus, which is managed code alone and some three times slower.</summary>
    /// <value>The same object each time; it may be used from many threads at once.</value>
    public static IOpusCodec Default => Chosen.Value.Codec;

    /// <summary>Why <see cref="Default"/> is not libopus.</summary>
    /// <value>What to install, in words; null where it is libopus.</value>
    public static string? FallbackReason => Chosen.Value.Reason;

    internal static Choice Choose(IOpusCodec preferred, IOpusCodec fallback)
    {
        try
        {
            _ = preferred.Name; // Loads the library.
            return new Choice(preferred, null);
        }
        catch (OpusCodecException exception)
        {
            return new Choice(fallback, exception.Message);
        }
    }

    internal sealed record Choice(IOpusCodec Codec, string? Reason);
}
