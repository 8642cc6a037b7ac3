namespace VoiceKit.Docs.Tests;

/// <summary>What was posted.</summary>
/// <param name="Line">The method and the path.</param>
/// <param name="Authorization">The header that lets in.</param>
/// <param name="ContentType">The type of the body.</param>
/// <param name="Body">The body.</param>
internal sealed record PostedRequest(string Line, string? Authorization, string? ContentType, byte[] Body);
