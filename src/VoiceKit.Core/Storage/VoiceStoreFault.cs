namespace VoiceKit.Storage;

/// <summary>A file of a store or of a backup with which something is wrong.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Name">
/// Its name: <c>Sent/PTT-20261121-0001.opus</c>, or whatever a backup calls it, which is not to be trusted.
/// </param>
/// <param name="Message">What was found, in a sentence of English.</param>
public sealed record VoiceStoreFault(VoiceStoreFaultKind Kind, string Name, string Message);
