using Microsoft.AspNetCore.Http.Metadata;

namespace VoiceKit.WebChat.Http;

/// <summary>How large the body of a route's requests is at most, in bytes, where it is not small.</summary>
internal sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata
{
    /// <summary>For routes that do not say: what they take is a few words of JSON.</summary>
    public const long Default = 16 * 1024;
}
