using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Opus;

/// <summary>Writes vectors to spans, and looks at the bounds.</summary>
/// <remarks>
/// The framework's own CopyTo does the same. What calls it is never compiled ahead: how a vector is passed to a method is settled
/// only on the machine that the program runs on. These are part of the method that calls them.
/// </remarks>
internal static class VectorStores
{
    /// <summary>Writes 4 numbers to a span's first places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreTo(this Vector128<float> vector, Span<float> target) => vector.StoreUnsafe(ref target[..4][0]);

    /// <summary>Writes 4 numbers to a span's first places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreTo(this Vector128<int> vector, Span<int> target) => vector.StoreUnsafe(ref target[..4][0]);

    /// <summary>Writes 8 numbers to a span's first places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreTo(this Vector256<float> vector, Span<float> target) => vector.StoreUnsafe(ref target[..8][0]);

    /// <summary>Writes 8 numbers to a span's first places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreTo(this Vector256<int> vector, Span<int> target) => vector.StoreUnsafe(ref target[..8][0]);
}
