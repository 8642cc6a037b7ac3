namespace VoiceKit.IO;

/// <summary>
/// Bytes are needed that are not in memory, where nobody may wait for them: <see cref="ByteSource.LoadAsync"/> brings them, and
/// what was begun is begun again. Never leaves the library.
/// </summary>
internal sealed class BytesMissingException : Exception;
