namespace VoiceKit.Profiles;

/// <summary>What encrypting a file has made beside the file.</summary>
internal sealed class AttachmentResult
{
    public byte[] Vector { get; init; } = [];

    public byte[] Hash { get; init; } = [];

    public byte[] PlaintextHash { get; init; } = [];

    public byte[] Sidecar { get; init; } = [];

    public long? PlaintextLength { get; init; }

    /// <summary>The version of Matrix' format.</summary>
    public int CounterVersion { get; init; }
}
