namespace VoiceKit.Opus.Decoding.Levels;

/// <summary>How loud 2.5 ms are.</summary>
/// <param name="Power">The mean square of the samples of all channels; 1 is that of full scale.</param>
/// <param name="Peak">The greatest magnitude, or an estimate of it.</param>
internal readonly record struct OpusLevel(float Power, float Peak)
{
    /// <summary>What a level stands for, in samples at 48 kHz.</summary>
    public const int Length = 120;
}
