namespace VoiceKit.Opus;

/// <summary>Bytes that take the place of earlier ones.</summary>
/// <param name="Offset">Where, from the first byte of the output.</param>
/// <param name="Bytes">The bytes.</param>
internal readonly record struct OpusMuxerPatch(long Offset, ReadOnlyMemory<byte> Bytes);
