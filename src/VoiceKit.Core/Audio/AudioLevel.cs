namespace VoiceKit.Audio;

/// <summary>
/// How loud audio is, in dBFS: 0 is a magnitude of 1. Both values are within <see cref="Floor"/>…+24, and never NaN or infinite.
/// </summary>
/// <param name="Peak">The greatest magnitude of any sample.</param>
/// <param name="Rms">The root of the mean square of all samples: −3.01 for a sine that just reaches full scale.</param>
internal readonly record struct AudioLevel(double Peak, double Rms)
{
    /// <summary>What silence reads, in dBFS.</summary>
    public const double Floor = -100;

    /// <summary>No sound.</summary>
    public static AudioLevel Silence { get; } = new(Floor, Floor);

    /// <summary>The level of a power, the square of a magnitude, in dBFS.</summary>
    internal static double OfPower(double power) => Math.Max(10 * Math.Log10(power), Floor);
}
