namespace VoiceKit.Docs.Tests;

/// <summary>What the pages call to open the person's own devices opens the stand-ins here.</summary>
internal static class VoiceDevices
{
    public static ValueTask<DocsDevices> OpenAsync() => new(new DocsDevices());
}
