namespace VoiceKit.Opus;

/// <summary>What decodes where an app names no decoder.</summary>
internal static class DefaultOpusDecoder
{
    /// <summary>The decoder in C#, which works on every system.</summary>
    public static IOpusDecoderFactory Factory => ManagedOpusCodec.Default;
}
