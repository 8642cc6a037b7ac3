namespace VoiceKit.Audio;

/// <summary>What the chunks of a WAV file say before the samples begin.</summary>
/// <param name="Format">Rate and channels.</param>
/// <param name="Encoding">How a sample is stored.</param>
/// <param name="BlockAlign">The bytes of one frame.</param>
/// <param name="DataStart">Where the samples begin.</param>
/// <param name="DataSize">How many bytes of samples there are; null for "up to the end".</param>
internal sealed record WavHeader(AudioFormat Format, WavEncoding Encoding, int BlockAlign, long DataStart, long? DataSize);
