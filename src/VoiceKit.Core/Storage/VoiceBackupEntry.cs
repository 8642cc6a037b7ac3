namespace VoiceKit.Storage;

/// <summary>A file that a manifest names.</summary>
/// <param name="Name">Its name: <c>Sent/PTT-20261121-0001.opus</c>.</param>
/// <param name="Id">The message's id.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Sha256">The SHA-256 of its bytes: 64 hexadecimal digits.</param>
/// <param name="Modified">When it was last written.</param>
/// <param name="IsIncluded">Whether its bytes are in this backup; otherwise they are in the one before.</param>
internal sealed record VoiceBackupEntry(
    string Name, string Id, long Size, string Sha256, DateTimeOffset Modified, bool IsIncluded);
