using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>The arithmetic of <see cref="FixedPoint"/> on eight numbers at a time, with the same results.</summary>
/// <remarks>Each is a part of the method that calls it: a call that passes vectors could not be compiled ahead.</remarks>
internal static class Lanes
{
    /// <summary>The products of a number and four 16-bit numbers in Q16, rounded down.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyQ16(int value, Vector128<int> factors) =>
        factors * Vector128.Create(value >> 16) + (factors * Vector128.Create(value & 0xFFFF) >> 16);

    /// <summary>The products of a number and 16-bit numbers in Q16, rounded down.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyQ16(int value, Vector256<int> factors) =>
        // The upper and the lower half of the number by themselves: both products fit.
        factors * Vector256.Create(value >> 16) + (factors * Vector256.Create(value & 0xFFFF) >> 16);

    /// <summary>The products of numbers and a 16-bit number in Q16, rounded down.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyQ16(Vector256<int> values, Vector256<int> factor) =>
        (values >> 16) * factor + ((values & Vector256.Create(0xFFFF)) * factor >> 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Saturate16(Vector256<int> values) =>
        Vector256.Min(Vector256.Max(values, Vector256.Create((int)short.MinValue)), Vector256.Create((int)short.MaxValue));
}
