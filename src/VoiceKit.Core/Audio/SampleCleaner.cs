using System.Numerics;
using System.Runtime.InteropServices;

namespace VoiceKit.Audio;

/// <summary>
/// Keeps samples that are no sound away from filters that remember: NaN counts as 0, and a magnitude above
/// <see cref="SampleMeter.MaxMagnitude"/>, infinity too, counts as that. All other samples stay as they are, bit for bit.
/// </summary>
internal static class SampleCleaner
{
    /// <summary>Cleans one sample.</summary>
    public static float Clean(float sample) =>
        float.IsNaN(sample) ? 0 : Math.Clamp(sample, -SampleMeter.MaxMagnitude, SampleMeter.MaxMagnitude);

    /// <summary>Cleans samples on the way to another place, or in place.</summary>
    /// <param name="from">The samples.</param>
    /// <param name="to">Where they go: as many or more.</param>
    public static void Copy(ReadOnlySpan<float> from, Span<float> to)
    {
        to = to[..from.Length];
        ref float source = ref MemoryMarshal.GetReference(from);
        ref float target = ref MemoryMarshal.GetReference(to);
        var low = new Vector<float>(-SampleMeter.MaxMagnitude);
        var high = new Vector<float>(SampleMeter.MaxMagnitude);
        var i = 0;
        for (; i <= from.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var samples = Vector.LoadUnsafe(ref source, (nuint)i);
            var numbers = Vector.ConditionalSelect(Vector.Equals(samples, samples), samples, Vector<float>.Zero);
            Vector.Min(Vector.Max(numbers, low), high).StoreUnsafe(ref target, (nuint)i);
        }

        for (; i < from.Length; i++)
            to[i] = Clean(from[i]);
    }
}
