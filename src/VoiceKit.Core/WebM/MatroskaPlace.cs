namespace VoiceKit.WebM;

/// <summary>A cluster from which a file can be read on.</summary>
/// <param name="Offset">The offset of the cluster.</param>
/// <param name="Parents">The elements that it is in.</param>
/// <param name="Documents">How many documents have begun before it.</param>
/// <param name="MaxIdLength">How long IDs may be.</param>
internal readonly record struct MatroskaPlace(long Offset, MatroskaStack Parents, int Documents, int MaxIdLength);
