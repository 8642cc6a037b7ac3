namespace VoiceKit.Tests.Support;

/// <summary>What <c>decodeAudioData</c> gives at 48 kHz: interleaved samples.</summary>
internal sealed record DecodeResult(int Channels, int Frames, float[] Samples);

/// <summary>
/// What an audio element tells, in seconds: its duration before and after playing (null for infinite), and where it ended.
/// </summary>
internal sealed record PlayResult(double? Duration, double? DurationAtEnd, double CurrentTime, bool Ended);

/// <summary>A recording by <c>MediaRecorder</c>: the type it says it has, in how many pieces it came, and its bytes.</summary>
internal sealed record RecordResult(string Type, int Chunks, byte[] Data);
