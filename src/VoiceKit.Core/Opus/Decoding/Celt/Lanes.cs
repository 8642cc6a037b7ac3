using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// Moves of lanes between vectors. They change no value, so it does not matter for the sound which instruction does it.
/// </summary>
/// <remarks>Each is a part of the method that calls it: a call that passes vectors could not be compiled ahead.</remarks>
internal static class Lanes
{
    /// <summary>a0 a2 b0 b2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Evens(Vector128<float> a, Vector128<float> b)
    {
        if (Sse.IsSupported)
            return Sse.Shuffle(a, b, 0b10_00_10_00);
        if (AdvSimd.Arm64.IsSupported)
            return AdvSimd.Arm64.UnzipEven(a, b);
        return Vector128.Shuffle(a, Vector128.Create(0, 2, 4, 4)) | Vector128.Shuffle(b, Vector128.Create(4, 4, 0, 2));
    }

    /// <summary>b3 b1 a3 a1: the odd lanes from last to first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> OddsReversed(Vector128<float> a, Vector128<float> b)
    {
        if (Sse.IsSupported)
            return Sse.Shuffle(b, a, 0b01_11_01_11);
        return Vector128.Shuffle(b, Vector128.Create(3, 1, 4, 4)) | Vector128.Shuffle(a, Vector128.Create(4, 4, 3, 1));
    }

    /// <summary>a0 b0 a1 b1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> InterleaveLow(Vector128<float> a, Vector128<float> b)
    {
        if (Sse.IsSupported)
            return Sse.UnpackLow(a, b);
        if (AdvSimd.Arm64.IsSupported)
            return AdvSimd.Arm64.ZipLow(a, b);
        return Vector128.Shuffle(a, Vector128.Create(0, 4, 1, 4)) | Vector128.Shuffle(b, Vector128.Create(4, 0, 4, 1));
    }

    /// <summary>a2 b2 a3 b3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> InterleaveHigh(Vector128<float> a, Vector128<float> b)
    {
        if (Sse.IsSupported)
            return Sse.UnpackHigh(a, b);
        if (AdvSimd.Arm64.IsSupported)
            return AdvSimd.Arm64.ZipHigh(a, b);
        return Vector128.Shuffle(a, Vector128.Create(2, 4, 3, 4)) | Vector128.Shuffle(b, Vector128.Create(4, 2, 4, 3));
    }

    /// <summary>a3 a2 a1 a0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Reverse(Vector128<float> a) => Vector128.Shuffle(a, Vector128.Create(3, 2, 1, 0));

    /// <summary>first a0 a1 a2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Delay(Vector128<float> a, float first) =>
        Vector128.Shuffle(a, Vector128.Create(0, 0, 1, 2)).WithElement(0, first);

    /// <summary>a3 in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Last(Vector128<float> a) => Vector128.Shuffle(a, Vector128.Create(3, 3, 3, 3));

    /// <summary>a0 a1 a2 a3 b0 b1 b2 b3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Join(Vector128<float> a, Vector128<float> b) => a.ToVector256().WithUpper(b);

    /// <summary>Makes columns of four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(
        ref Vector128<float> a, ref Vector128<float> b, ref Vector128<float> c, ref Vector128<float> d)
    {
        var ac = InterleaveLow(a, c);
        var bd = InterleaveLow(b, d);
        var acHigh = InterleaveHigh(a, c);
        var bdHigh = InterleaveHigh(b, d);
        a = InterleaveLow(ac, bd);
        b = InterleaveHigh(ac, bd);
        c = InterleaveLow(acHigh, bdHigh);
        d = InterleaveHigh(acHigh, bdHigh);
    }
}
