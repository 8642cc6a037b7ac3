using VoiceKit.Audio;

namespace VoiceKit.Tests.Support;

/// <summary>What a file of the corpus is encoded from.</summary>
internal sealed class CorpusInput(string name, int frames, int sampleRate, int channels, bool hasPauses = false)
{
    private readonly Lazy<(float[], AudioFormat)> _sound = new(() =>
    {
        var pcm = Signals.Voice(frames, sampleRate, channels);
        if (hasPauses)
            pcm.AsSpan(pcm.Length / 4, pcm.Length / 2).Clear();
        return (pcm, new AudioFormat(sampleRate, channels));
    });

    public static CorpusInput Mono { get; } = new("mono", 70_001, 48_000, 1);

    public static CorpusInput Stereo { get; } = new("stereo", 70_001, 48_000, 2);

    /// <summary>16 kHz, as phones record.</summary>
    public static CorpusInput Wideband { get; } = new("16 kHz", 25_001, 16_000, 1);

    public static CorpusInput Cd { get; } = new("44.1 kHz", 60_001, 44_100, 2);

    /// <summary>Less than a packet of 20 ms.</summary>
    public static CorpusInput Short { get; } = new("short", 700, 48_000, 1);

    /// <summary>Silence in the middle, for DTX.</summary>
    public static CorpusInput Pauses { get; } = new("pauses", 200_000, 48_000, 1, hasPauses: true);

    public (float[] Pcm, AudioFormat Format) Sound => _sound.Value;

    public override string ToString() => name;
}
