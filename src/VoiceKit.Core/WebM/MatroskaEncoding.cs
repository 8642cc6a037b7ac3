namespace VoiceKit.WebM;

/// <summary>A ContentEncoding: what was done to a track's frames (RFC 9559 §5.1.4.1.31).</summary>
internal sealed class MatroskaEncoding
{
    /// <summary>What it was done to: 1 frames, 2 CodecPrivate, 4 the encoding below; added up.</summary>
    public ulong Scope { get; set; } = 1;

    /// <summary>0 compression, 1 encryption.</summary>
    public ulong Type { get; set; }

    /// <summary>0 zlib, 1 bzlib, 2 LZO, 3 header stripping.</summary>
    public ulong Algorithm { get; set; }

    /// <summary>With header stripping: the bytes that were taken away.</summary>
    public byte[] Settings { get; set; } = [];
}
