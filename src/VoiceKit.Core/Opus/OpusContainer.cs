namespace VoiceKit.Opus;

/// <summary>The containers in which Opus is found.</summary>
public enum OpusContainer
{
    /// <summary>Ogg (RFC 7845): <c>.opus</c>, <c>.ogg</c>, <c>.oga</c>.</summary>
    Ogg,

    /// <summary>WebM or Matroska (RFC 9559): <c>.webm</c>, <c>.mka</c>.</summary>
    WebM,

    /// <summary>ISO base media (ISO/IEC 14496-12), whole or fragmented: <c>.mp4</c>, <c>.m4a</c>.</summary>
    Mp4,

    /// <summary>Apple's Core Audio Format: <c>.caf</c>.</summary>
    Caf,
}
